import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import { markdown, markdownLimit } from '../../src/render/markdown.ts';
import { safe } from '../../src/render/paint.ts';
import { hostile, hostileReport, largePlan, planOf, reportOf } from '../support/reports.ts';

interface Read {
  /** The elements that are there, in their order. */
  readonly tags: readonly string[];
  /** All attributes but the ones that `pre` and `li` get from the parser. */
  readonly attributes: readonly string[];
  readonly inCode: readonly string[];
  readonly outside: string;
}

/** What a reader of Markdown makes of a text. */
function read(text: string): Read {
  const html = micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const [tags, attributes, inCode, outside]: [string[], string[], string[], string[]] = [[], [], [], []];
  const visit = (node: DefaultTreeAdapterTypes.Node, code: boolean) => {
    if (node.nodeName === '#comment') throw new Error('a comment');
    if (node.nodeName === '#text' && 'value' in node) {
      if (code) inCode.push(node.value);
      else outside.push(node.value);
    }
    if ('tagName' in node) {
      tags.push(node.tagName);
      attributes.push(...node.attrs.map(({ name, value }) => `${node.tagName} ${name}=${value}`));
    }
    if ('childNodes' in node)
      for (const child of node.childNodes) visit(child, code || node.nodeName === 'code' || node.nodeName === 'pre');
  };
  visit(parseFragment(html), false);
  return { tags, attributes, inCode, outside: outside.join('') };
}

const ours = new Set(['h2', 'h3', 'p', 'strong', 'blockquote', 'ul', 'li', 'details', 'summary', 'pre', 'code', 'sub']);

describe('markdown', () => {
  it('has no element, attribute, link or mention that names bring along', async () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const { tags, attributes, outside } = read(markdown(report));
        expect(tags.filter((tag) => !ours.has(tag))).toEqual([]);
        expect(attributes.filter((one) => !/^(details open=|code class=language-(text|diff|sh)$)/.test(one))).toEqual([]);
        // What has no meaning as Markdown any more has none either for what GitHub does with the text it yields.
        if (report.subject !== 'doctor') expect(outside).not.toMatch(/[@#`]/);
      }),
      { numRuns: 300 },
    );
  });

  it('is folded and closed alike, whatever things are called', () => {
    const shape = (names: readonly string[]) => {
      const { tags } = read(markdown(reportOf(names, 'plan')));
      return tags.filter((tag) => !['li', 'code', 'p'].includes(tag)).join(' ');
    };
    const expected = shape(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    fc.assert(
      fc.property(fc.uniqueArray(hostile, { minLength: 8, maxLength: 8 }), (names) => {
        expect(shape(names)).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('names who becomes Organization Admin as they are', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 8, maxLength: 8 }), (names) => {
        const { inCode } = read(markdown(reportOf(names, 'plan')));
        const name = safe((names[1] ?? '').toLowerCase());
        expect(inCode).toContain(name);
      }),
      { numRuns: 200 },
    );
  });

  it('is at most so long, and of 5,000 changes still names everybody who becomes Organization Admin', () => {
    const admins = 300;
    const text = markdown(largePlan(5000, admins));
    expect(text.length).toBeLessThanOrEqual(markdownLimit);
    expect(text.length).toBeGreaterThan(markdownLimit / 2);
    for (let index = 0; index < admins; index++) expect(text).toContain(`- \`admin${index}@acme.example\`\n`);
    expect(text).toContain(`**${admins} become Organization Admin**`);
    const { tags } = read(text);
    expect(tags.filter((tag) => !ours.has(tag))).toEqual([]);
  });

  it('counts what it leaves out, so that everything is told or counted', () => {
    for (const [count, admins] of [
      [10, 2],
      [5000, 0],
      [5000, 5000],
    ] as const) {
      const text = markdown(largePlan(count, admins));
      expect(text.length).toBeLessThanOrEqual(markdownLimit);
      const shown = text.match(/^> - /gm)?.length ?? 0;
      const cut = /^> \*\*and (\d+) more/m.exec(text)?.[1] ?? '0';
      expect(shown + Number(cut)).toBe(admins);
      const grants = text.slice(text.indexOf('<summary>Role assignments'));
      if (admins === count) continue;
      const told = grants.match(/^[+-] workspace/gm)?.length ?? 0;
      const left = /\*\*(\d+) more\*\*/.exec(grants)?.[1] ?? '0';
      expect(told + Number(left)).toBe(count - admins);
    }
  });

  it('keeps deletions longest', () => {
    const text = markdown(largePlan(5000, 0));
    const grants = text.slice(text.indexOf('<summary>Role assignments'));
    expect(grants.match(/^- workspace/gm)?.length).toBeGreaterThan(200);
  });

  it('is never too long, whatever is in it', () => {
    const long = (length: number, fill: string) => fill.repeat(length);
    const names = [long(70_000, '`'), long(9000, '😀'), long(70_000, 'a'), '`'.repeat(500), 'b', 'c', 'd', 'e'];
    const text = markdown(reportOf(names, 'plan'));
    expect(text.length).toBeLessThanOrEqual(markdownLimit);
    expect(read(text).tags.filter((tag) => !ours.has(tag))).toEqual([]);
  });

  it('says that there is nothing to do', () => {
    expect(markdown({ subject: 'plan', exitCode: 0, verdict: 'ok', diagnostics: [], plan: planOf([]) })).toBe(
      '## Plan for `acme`\n\n:white_check_mark: **No changes. The organization is as the files say; 4 unchanged.**\n\n<sub>`https://api`, as of 2026-11-23</sub>\n',
    );
  });
});
