import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { retold, tell } from './story.ts';

const folder = new URL('./', import.meta.url);
const stories = readdirSync(folder).filter((name) => name.endsWith('.md'));
const readme = new URL('../../README.md', import.meta.url);

describe.concurrent('stories', () => {
  it.each([...stories.map((name) => [name, new URL(name, folder)] as const), ['README.md', readme] as const])(
    '%s',
    async (name, url) => {
      const text = await readFile(url, 'utf8');
      const ran = await tell(name, text);
      expect(ran.length).toBeGreaterThan(0);
      if (process.env.UPDATE_STORIES) await writeFile(url, retold(text, ran));
      else for (const { command, line, expected, actual } of ran) expect(actual, `${name}:${line}: ${command}`).toBe(expected);
    },
  );
});
