// Every story on a server of every single habit: `npm run test:switches`, all of it in about a quarter of an hour, or a share of it with
// ZENFORM_SHARE=1/8. What the commands print has to be what they print otherwise, byte by byte.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alone, ending } from '../support/pairwise.ts';
import { inProcess } from './in-process.ts';
import { type Ran, tell } from './story.ts';

const folder = new URL('./', import.meta.url);
const stories = readdirSync(folder).filter((name) => name.endsWith('.md'));
const [at = 1, of = 1] = (process.env.ZENFORM_SHARE ?? '1/1').split('/').map(Number);
const share = alone.filter((_, index) => index % of === at - 1);

/** What is the same on every server. */
function essence({ command, actual, expected }: Ran): readonly [string, string] {
  // `doctor` shows what the server does: of that only the verdict is the same.
  const part = (text: string) =>
    command.includes('zenform doctor') ? (text.split('\n').find((line) => /^(not )?ready/.test(line)) ?? '') : text;
  return [part(actual), part(expected)];
}

describe.each(share.map((settings) => [Object.entries(settings).flat().join('='), settings] as const))(
  '%s',
  (_name, settings) => {
    const codes = ending.filter((one) => Object.entries(one.settings).every(([name, value]) => settings[name] === value));

    it.concurrent.each(stories)('%s', async (story) => {
      const ran = await tell(story, readFileSync(new URL(story, folder), 'utf8'), { switches: settings, program: inProcess });
      const odd = ran.find((one) => {
        const [actual, expected] = essence(one);
        return actual !== expected;
      });
      if (!odd) return;
      const [actual, expected] = essence(odd);
      // Where a story cannot be told, it ends with a reason.
      if (codes.length > 0) expect(ran.map((one) => one.actual).join('\n')).toMatch(reasons);
      else expect(actual, `${story}:${odd.line}: ${odd.command}`).toBe(expected);
    });
  },
);

const reasons = /error\[[a-z-]+\]|Not checked:|\[exit [1345]\]/;
