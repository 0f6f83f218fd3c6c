import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { html } from '../../src/render/html.ts';
import { safe } from '../../src/render/paint.ts';
import { hostile, hostileReport, reportOf } from '../support/reports.ts';

type Element = DefaultTreeAdapterTypes.Element;

function elementsOf(page: string): Element[] {
  const found: Element[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node) => {
    if (node.nodeName === '#comment') throw new Error('a comment');
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(parse(page));
  return found;
}

const textOf = (node: DefaultTreeAdapterTypes.Node): string =>
  node.nodeName === '#text' && 'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
const attributesOf = ({ attrs }: Element) => Object.fromEntries(attrs.map(({ name, value }) => [name, value]));

/** Every attribute that a page may have; none of them runs or loads anything, but the one link that is empty. */
const known =
  /^(lang|charset|http-equiv|content|name|rel|href|class|id|type|checked|value|placeholder|role|aria-label|aria-live|hidden|open|tabindex|data-(action|address|text))$/;

describe('html', () => {
  it('has the elements and attributes of zenform, one script and one style, whatever things are called', () => {
    const shape = (page: string) =>
      elementsOf(page).map(({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(' ')}`);
    const plain = reportOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], 'apply');
    const expected = shape(html(plain)).sort().join('\n');
    fc.assert(
      fc.property(fc.uniqueArray(hostile, { minLength: 8, maxLength: 8 }), (names) => {
        // The order of things depends on what they are called.
        expect(
          shape(html(reportOf(names, 'apply')))
            .sort()
            .join('\n'),
        ).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('loads nothing, and lets run and style nothing but what its policy names', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const elements = elementsOf(html(report));
        const of = (name: string) => elements.filter(({ tagName }) => tagName === name);
        const names = elements.flatMap(({ attrs }) => attrs.map(({ name }) => name));
        expect(names.filter((name) => !known.test(name))).toEqual([]);
        const links = elements.flatMap(({ attrs }) => attrs.filter(({ name }) => name === 'href' || name === 'src'));
        expect(links.map(({ value }) => value)).toEqual(['data:,']);
        const [policy] = of('meta')
          .map(attributesOf)
          .filter((one) => one['http-equiv'] === 'Content-Security-Policy');
        for (const [name, directive] of [
          ['script', 'script-src'],
          ['style', 'style-src'],
        ] as const) {
          const [only, ...others] = of(name);
          expect(others).toEqual([]);
          const hash = createHash('sha256')
            .update(only ? textOf(only) : '')
            .digest('base64');
          expect(policy?.content).toContain(`${directive} 'sha256-${hash}'`);
        }
        expect(policy?.content).toMatch(/^default-src 'none';/);
      }),
      { numRuns: 100 },
    );
  });

  it('shows names as they are', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 8, maxLength: 8 }), (names) => {
        const elements = elementsOf(html(reportOf(names, 'plan')));
        const [heading] = elements.filter(({ tagName }) => tagName === 'h1');
        expect(heading && textOf(heading)).toBe(`Plan for ${safe(names[0] ?? '')}`);
        const codes = elements.filter(({ tagName }) => tagName === 'code').map(textOf);
        expect(codes).toContain(safe((names[1] ?? '').toLowerCase()));
      }),
      { numRuns: 100 },
    );
  });
});
