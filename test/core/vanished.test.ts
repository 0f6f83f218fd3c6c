import { describe, expect, it } from 'vitest';
import type { Reading } from '../../src/core/kind.ts';
import { grant } from '../../src/kinds/grant.ts';

/** A server whose assignments are these rows, by role. */
function serverWith(rows: Readonly<Record<string, readonly object[]>>): Parameters<typeof grant.list>[0] {
  const once = new Map<string, Promise<unknown>>();
  const roles = Object.keys(rows).map((name) => ({ id: name, name, level: 'organization' as const, predefined: true }));
  return {
    organizationId: 'o',
    wanted: new Set(),
    mentioned: new Set(),
    get: async () => ({}),
    list: async (_server, path) => rows[decodeURIComponent(path.split('/')[2] ?? '')] ?? [],
    of: async (kind): Promise<Reading> => (kind === 'role' ? { live: [], unread: [], roles } : { live: [], unread: [] }),
    once: (key, compute) => {
      const known = once.get(key) ?? compute();
      once.set(key, known);
      return known as ReturnType<typeof compute>;
    },
    absent: () => false,
    unreadable: String,
  };
}

describe('a grant whose holder no longer exists', () => {
  it('is told with its role, once, and makes no resource', async () => {
    const reading = await grant.list(
      serverWith({
        'Organization Viewer': [
          { id: 'a', user: null, team: null },
          { id: 'a', user: null, team: null },
          { id: 'b', user: null },
          { id: 'c', user: { id: 'u', email: 'ada@acme.io' } },
        ],
      }),
    );
    expect(reading.live.map(({ address }) => address)).toEqual(['organization/grant/Organization Viewer/member/ada@acme.io']);
    expect(reading.oddities).toEqual([
      { code: 'orphan-grant', summary: 'Organization Viewer is held 2 times by somebody who no longer exists' },
    ]);
  });
});
