import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { draftOf, emptyDraft } from './draft.ts';
import { type Edit, edited } from './edits.ts';
import { expected, meaningOf } from './expected.ts';
import { type Layout, written } from './layout.ts';
import { repaired } from './repair.ts';
import { folderWith, put, stage, today } from './run.ts';
import { conditionsOf } from './scenario.ts';
import { linesOf, stateOf } from './state.ts';
import type { Settings } from './switches.ts';
import { type Recipe, worldOf } from './world.ts';

const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=law', '-c', 'user.email=law@acme.io', '-c', 'commit.gpgsign=false', ...args], {
    cwd: folder,
    stdio: 'pipe',
  });

let repository: string | undefined;

/** With a base, what its files declared and the files no longer do is removed, down to entries and fields, and nothing else. */
export async function followsBase(recipe: Recipe, edits: readonly Edit[], layout: Layout, given: Settings): Promise<void> {
  // A server that refuses to delete what is in use would need a base that has revoked everything before.
  const switches = given['delete-cascade'] === 'refuse-in-use' ? { ...given, 'delete-cascade': 'on' } : given;
  const world = worldOf({
    ...recipe,
    workspaces: recipe.workspaces.map((one) => (one.status === 'pending' ? { ...one, status: 'available' } : one)),
  });
  const state = stateOf(world);
  const ground = { state, customRoles: false, now: today };
  const base = repaired(draftOf(state), state, conditionsOf(switches));
  const conditions = { ...conditionsOf(switches), base };
  const removable = new Set([...meaningOf(base, state, today).declared.keys()]);
  const start = edits.length === 0 ? emptyDraft() : draftOf(state);
  const draft = repaired(edited(start, edits, ground), state, conditions, removable);
  repository ??= folderWith({});
  const folder = repository;
  git(folder, 'init', '--quiet', '--initial-branch=main');
  for (const name of ['old.yaml', 'new.yaml']) rmSync(join(folder, name), { force: true });
  put(folder, { 'all.yaml': Object.values(written(base, { files: 1, order: 0, json: true }))[0] ?? '' });
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'base');
  const on = stage(world, switches, { folder });
  const before = stateOf(on.emulator.world());
  const files = { 'all.yaml': Object.values(written(draft, { ...layout, files: 1 }))[0] ?? '' };
  const applied = await on.apply(files, { base: 'HEAD', allowDestroy: ['**'] });
  expect(applied.diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'ownership-by-server')).toEqual([]);
  if (applied.plan?.notChecked.some(({ deferred }) => deferred)) await on.apply(files, { base: 'HEAD', allowDestroy: ['**'] });
  const target = expected(before, draft, conditions);
  expect(linesOf(stateOf(on.emulator.world()), target)).toEqual(linesOf(target.state, target));
}
