import { describe, expect, test } from 'vitest';
import { createEmulator, type World } from '../../src/emulator/index.ts';
import { release } from '../real/environment.ts';
import { prepare, proWorld } from './pro-world.ts';
import { type Replay, type Row, recordingOf, replayRow, rowsOf } from './replay.ts';

/** Rows that may differ, each with its reason. */
const differences: Readonly<Record<string, string>> = {};

const rows = ['oss', 'pro'].flatMap((kind) => rowsOf(recordingOf(kind, release)));

function worldFor(mode: Row['mode']): World {
  if (mode === 'pro') return proWorld();
  const projects = mode === 'oss-limits' ? ['l0', 'l1', 'l2', 'l3', 'l4'].map((name) => ({ name })) : [];
  return { organizations: [{ name: 'acme', workspaces: [{ name: 'peer', mode, projects }] }] };
}

describe.each(['oss', 'oss-inactive', 'oss-limits', 'pro'] as const)('recorded exchanges, mode %s', (mode) => {
  const emulator = createEmulator({ seed: worldFor(mode) });
  const id = emulator.world().organizations?.[0]?.workspaces?.[0]?.id;
  const replay: Replay = {
    send: async ({ path, ...request }) => {
      const { status, headers, body } = await emulator.handle({ ...request, url: `/_workspace/${id}${path}` });
      return { status, type: headers['content-type'] ?? '', text: body };
    },
    ids: new Map(),
    secrets: new Map(),
  };

  test.each(rows.flatMap((row, index) => (row.mode === mode ? [[index, row.note, row] as const] : [])))(
    '%i %s',
    async (_index, note, row) => {
      prepare(emulator, replay, row);
      const { problems } = await replayRow(replay, row);
      if (differences[note]) expect(problems, `no longer differs: ${differences[note]}`).not.toEqual([]);
      else expect(problems).toEqual([]);
    },
  );
});

test('at most ten rows differ, and each that is excused exists', ({ task }) => {
  task.meta.compared = { recorded: rows.length };
  expect(Object.keys(differences).length).toBeLessThanOrEqual(10);
  for (const note of Object.keys(differences)) expect(rows.some((row) => row.note === note)).toBe(true);
});
