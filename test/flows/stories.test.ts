import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { retold, tell } from './story.ts';

const folder = new URL('./', import.meta.url);
const stories = readdirSync(folder).filter((name) => name.endsWith('.md'));
const root = new URL('../../', import.meta.url);
/** Pages that tell stories, too: those with commands. */
const pages = [
  'README.md',
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].filter((name) => /^```console$/m.test(readFileSync(new URL(name, root), 'utf8')) && name !== 'docs/diagnostics.md');

describe.concurrent('stories', () => {
  it.each([
    ...stories.map((name) => [name, new URL(name, folder)] as const),
    ...pages.map((name) => [name, new URL(name, root)] as const),
  ])('%s', async (name, url) => {
    const text = await readFile(url, 'utf8');
    const ran = await tell(name, text);
    expect(ran.length).toBeGreaterThan(0);
    if (process.env.UPDATE_STORIES) await writeFile(url, retold(text, ran));
    else for (const { command, line, expected, actual } of ran) expect(actual, `${name}:${line}: ${command}`).toBe(expected);
  });
});
