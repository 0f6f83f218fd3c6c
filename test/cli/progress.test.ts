import { describe, expect, it } from 'vitest';
import { progressOf } from '../../src/commands/progress.ts';
import type { Address } from '../../src/core/address.ts';
import type { Step } from '../../src/core/plan.ts';

const address = (id: string) => `team/${id}` as Address;
const step = (id: string): Step => ({ id, change: address(id), server: 'control-plane', method: 'POST', path: '/', needs: [] });
const applied = (id: string) => ({ event: 'step', status: 'applied', step: id, address: address(id) }) as const;
const wait = (seconds: number) => ({ event: 'wait', address: address('a'), status: 'pending', seconds, limit: 600 }) as const;

function watched(isTTY: boolean, env: Readonly<Record<string, string>> = {}) {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const stream = { write, isTTY, columns: 60 };
  const io = {
    stdout: stream,
    stderr: stream,
    env,
    cwd: '.',
    ask: undefined,
    signal: new AbortController().signal,
    now: () => new Date(0),
  };
  const progress = progressOf({}, io);
  progress.expect(['a', 'b', 'c'].map(step));
  return { ...progress, text: () => text };
}

describe('the progress of steps that run side by side', () => {
  it('is logged in the order of the plan', () => {
    const { onEvent, end, text } = watched(false);
    for (const id of ['c', 'b']) onEvent(applied(id));
    expect(text()).toBe('');
    onEvent(applied('a'));
    end();
    expect(text()).toBe('  applied team/a\n  applied team/b\n  applied team/c\n');
  });

  it('is not held back by something long, which is told at intervals', () => {
    const { onEvent, text } = watched(false);
    onEvent(applied('b'));
    for (const seconds of [1, 5, 14, 15, 20, 29, 30]) onEvent(wait(seconds));
    const waiting = (seconds: number) => `Waiting for team/a: pending for ${seconds} s of at most 600 s\n`;
    expect(text()).toBe(`  applied team/b\n${waiting(15)}${waiting(30)}`);
  });

  it('begins anew with a second round', () => {
    const { onEvent, expect: expectSteps, text } = watched(false);
    for (const id of ['a', 'b', 'c']) onEvent(applied(id));
    expectSteps([step('a')]);
    onEvent(applied('a'));
    expect(text().match(/applied team\/a\n/g)).toHaveLength(2);
    expect(text().match(/applied team\/b\n/g)).toHaveLength(1);
  });

  it('is one line on a terminal, taken away at the end, and plain lines in CI', () => {
    const { onEvent, end, text } = watched(true);
    onEvent({ event: 'phase', phase: 'execute' });
    onEvent(applied('a'));
    expect(text().endsWith('\r\u001b[2KApplying 1/3: team/a')).toBe(true);
    end();
    expect([text().endsWith('\r\u001b[2K'), text().includes('\n')]).toEqual([true, false]);
    const ci = watched(true, { CI: 'true' });
    ci.onEvent(applied('a'));
    expect(ci.text()).toBe('  applied team/a\n');
  });
});
