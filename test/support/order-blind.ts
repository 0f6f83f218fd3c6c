import { expect } from 'vitest';
import type { PlanResult } from '../../src/sync.ts';
import { type Layout, written } from './layout.ts';
import { stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { canonical } from './state.ts';

/** Shuffled files, keys, entries and lists of the server give the same plan, apart from places. */
export async function isOrderBlind(scenario: Scenario, other: Layout): Promise<void> {
  const { world, draft, files, more } = unfold(scenario);
  const one = await stage(world, { ...scenario.switches, 'list-order': 'created' }).plan(files, more);
  const two = await stage(reversed(world) as typeof world, { ...scenario.switches, 'list-order': 'random' }).plan(
    written(draft, other),
    more,
  );
  expect(one.plan).toBeDefined();
  expect(placeless(two)).toBe(placeless(one));
}

function placeless({ plan, verdict, unmanaged }: PlanResult): string {
  const { diagnostics = [], ...rest } = plan ?? {};
  const sorted = diagnostics.map(({ place, related, ...one }) => sortedJson(one)).sort();
  return `${sortedJson({ ...rest, verdict, unmanaged })} ${sorted.join(' ')}`;
}

/** JSON with sorted keys and without places. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (key, part) => {
    if (key === 'place') return undefined;
    // What a role allows is a set, sent as the files have it.
    if (['permissions', 'before', 'after'].includes(key) && Array.isArray(part)) return part.map((one) => canonical(one)).sort();
    const mapping = part !== null && typeof part === 'object' && !Array.isArray(part);
    return mapping ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  });
}

function reversed(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => reversed(one)).reverse();
  if (typeof value !== 'object' || value === null || key === 'project_metadata') return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, reversed(part, name)]));
}
