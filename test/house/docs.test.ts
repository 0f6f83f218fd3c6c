import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/table.ts';
import { codes } from '../../src/core/diagnostic.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
const headings = (page: string) => [...textOf(page).matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);

describe('the docs', () => {
  it('explain exactly the diagnostics and the commands that there are', () => {
    expect(headings('docs/diagnostics.md')).toEqual(Object.keys(codes));
    expect(headings('docs/commands.md')).toEqual(Object.keys(commands()).map((name) => `zenform ${name}`));
  });

  it('name the law of each promise, and every law belongs to one', () => {
    const promises = textOf('docs/guarantees.md').split(/^## /m).slice(1);
    for (const promise of promises) expect(promise).toMatch(/^- Limit: [\s\S]*^- Laws: /m);
    const named = [...textOf('docs/guarantees.md').matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    const laws = readdirSync(join(root, 'test/laws')).map((name) => `test/laws/${name}`);
    expect(laws.filter((law) => !named.includes(law))).toEqual([]);
  });

  it('lead to pages and headings that exist', () => {
    const anchor = (heading: string) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
    const broken = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
        if (/^https?:/.test(link)) return [];
        const [path = '', part] = link.split('#');
        const target = path === '' ? page : join(dirname(page), path);
        const there = existsSync(join(root, target));
        const found = part === undefined || (there && headings(target).map(anchor).includes(part));
        return there && found ? [] : [`${page}: ${link}`];
      }),
    );
    expect(broken).toEqual([]);
  });
});
