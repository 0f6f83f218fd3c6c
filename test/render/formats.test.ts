import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import DraftFour from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { codes } from '../../src/core/diagnostic.ts';
import { formats, rendered } from '../../src/render/formats.ts';
import { planSchema, reportSchema } from '../../src/render/schemas.ts';
import { hostileReport, largePlan, reportOf, subjects } from '../support/reports.ts';

const published = (name: string) => readFileSync(new URL(`published/${name}`, import.meta.url), 'utf8');
const machine = formats.filter((format) => format !== 'text');
const plain = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const law = { numRuns: 150 };

describe('every format', () => {
  it('gives the same bytes for the same report, and no character that a terminal or a log would obey', async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, fc.constantFrom(...machine), async (report, format) => {
        const text = await rendered(format, report);
        expect(await rendered(format, structuredClone(report))).toBe(text);
        expect(text.endsWith('\n')).toBe(true);
        expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(text).not.toContain('##[');
      }),
      law,
    );
  });
});

describe('json', () => {
  it('is as its published schema says', async () => {
    const ajv = new Ajv2020({ strict: false });
    const valid = { 'zenform.plan/1': ajv.compile(planSchema), 'zenform.report/1': ajv.compile(reportSchema) };
    await fc.assert(
      fc.asyncProperty(hostileReport, async (report) => {
        const document = JSON.parse(await rendered('json', report));
        const check = valid[document.format as keyof typeof valid];
        expect(check(document), JSON.stringify(check.errors)).toBe(true);
      }),
      law,
    );
  });
});

describe('sarif', () => {
  const ajv = new DraftFour.default({ strict: false, unicodeRegExp: false });
  addFormats.default(ajv as never);
  const valid = ajv.compile(JSON.parse(published('sarif-2.1.0.json')));

  it('is as its published schema says, and every result names its rule', async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, async (report) => {
        const document = JSON.parse(await rendered('sarif', report));
        expect(valid(document), JSON.stringify(valid.errors)).toBe(true);
        const [run] = document.runs;
        const { rules } = run.tool.driver;
        for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex].id).toBe(ruleId);
        for (const { associatedRule } of run.invocations[0].toolExecutionNotifications)
          expect(rules[associatedRule.index].id).toBe(associatedRule.id);
      }),
      law,
    );
  });

  it('has all diagnostics as rules, places in files, and what has none as notifications', async () => {
    const { runs } = JSON.parse(await rendered('sarif', reportOf(plain, 'validate')));
    const ids = runs[0].tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(ids.slice(0, Object.keys(codes).length)).toEqual(Object.keys(codes));
    expect(runs[0].results).toMatchObject([
      {
        ruleId: 'lock-out',
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'a', uriBaseId: '%SRCROOT%' },
              region: { startLine: 3, startColumn: 5 },
            },
          },
        ],
      },
    ]);
    const told = runs[0].invocations[0].toolExecutionNotifications.map((one: { level: string }) => one.level);
    expect(told).toEqual(['warning', 'note']);
  });
});

describe('junit', () => {
  it('is as its published schema says, counts what it holds, and keeps every name', async () => {
    const schema = XmlDocument.fromString(published('junit-4.xsd'));
    const validator = XsdValidator.fromDoc(schema);
    await fc.assert(
      fc.asyncProperty(hostileReport, async (report) => {
        const document = XmlDocument.fromString(await rendered('junit', report));
        validator.validate(document);
        const count = (path: string) => document.find(path).length;
        const attribute = (name: string) => Number(document.get(`/testsuites/@${name}`)?.content);
        expect(attribute('tests')).toBe(count('//testcase'));
        expect(attribute('failures')).toBe(count('//testcase/failure'));
        document.dispose();
      }),
      law,
    );
    validator.dispose();
    schema.dispose();
  });

  it.each(subjects)('has a failure for what is wrong in %s, and none for what is only planned', async (subject) => {
    const document = XmlDocument.fromString(await rendered('junit', reportOf(plain, subject)));
    const failed = document.find('//testcase[failure]/@name').map((name) => name.content);
    expect(failed.some((name) => name.includes('lock-out'))).toBe(true);
    const changes = failed.filter((name) => name.startsWith('create member/'));
    expect(changes).toHaveLength(subject === 'drift' || subject === 'apply' ? 1 : 0);
    document.dispose();
  });
});

describe('github', () => {
  /** What the runner makes of a line: it looks for `::` at its start, and for the old `##[` anywhere. */
  function command(line: string) {
    const [, level = '', properties = '', message = ''] = /^::(error|warning|notice) (.*?)::(.*)$/s.exec(line) ?? [];
    const unescaped = (text: string) =>
      text.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
    const pairs = properties.split(',').map((pair) => [pair.split('=')[0], unescaped(pair.slice(pair.indexOf('=') + 1))]);
    return { level, properties: Object.fromEntries(pairs), message: unescaped(message) };
  }

  it('has nothing but annotations, whatever things are called', async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, async (report) => {
        const lines = (await rendered('github', report)).split('\n').slice(0, -1);
        for (const line of lines) {
          const { level, properties } = command(line);
          expect(['error', 'warning', 'notice']).toContain(level);
          expect(['title', 'file,line,col,title']).toContain(Object.keys(properties).join(','));
        }
        const found = lines.map(command).filter(({ properties }) => properties.title === 'lock-out');
        expect(found).toMatchObject([{ level: 'error', properties: { line: '3', col: '5' } }]);
      }),
      law,
    );
  });

  it('says who becomes Organization Admin, and marks at most so many changes', async () => {
    const lines = (await rendered('github', { ...largePlan(5000, 3), subject: 'drift' })).split('\n').slice(0, -1);
    expect(lines.length).toBeLessThan(60);
    expect(
      lines.map(command).find(({ properties }) => properties.title === '3 are not Organization Admin, and should be by the files')
        ?.message,
    ).toBe('member/admin0@acme.example\nmember/admin1@acme.example\nmember/admin2@acme.example');
    expect(lines.at(-1)).toBe('::notice title=zenform::4950 more changes; the report has them');
  });
});
