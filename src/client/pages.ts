import { ApiError } from './errors.ts';
import type { Query } from './types.ts';

const pageSize = 100;

/** Bare arrays by offset and limit: on to the first page that brings nothing new. A short page ends a list only where `limit` counts. */
export async function listByOffset(
  get: (query: Query) => Promise<unknown>,
  query: Query,
  limitHonoured: { value: boolean },
): Promise<unknown[]> {
  const rows = new Map<string, unknown>();
  for (let offset = 0; ; ) {
    const page = arrayOf(await get({ ...query, offset, limit: pageSize }));
    const before = rows.size;
    for (const row of page) if (!rows.has(identityOf(row))) rows.set(identityOf(row), row);
    offset += page.length;
    if (rows.size === before || (limitHonoured.value && page.length < pageSize)) return [...rows.values()];
    // Over-full pages show that `limit` is ignored, so only an exact one says something.
    if (page.length === pageSize) limitHonoured.value = true;
  }
}

interface Envelope {
  readonly total_pages?: number;
  readonly items: readonly unknown[];
}

/** Page envelopes by page and size. A list that shrinks meanwhile answers 400 for a page that is gone, and is read once more. */
export async function listByPage(get: (query: Query) => Promise<unknown>, query: Query): Promise<unknown[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const rows = new Map<string, unknown>();
      for (let page = 1, pages = 1; page <= pages; page++) {
        const { items, total_pages: total = 1 } = envelopeOf(await get({ ...query, page, size: pageSize }));
        for (const item of items) if (!rows.has(identityOf(item))) rows.set(identityOf(item), item);
        pages = total;
      }
      return [...rows.values()];
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 400 || attempt === 2) throw error;
    }
  }
}

/** A list without pages. */
export function arrayOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  const items = (answer as { items?: unknown } | null)?.items;
  if (Array.isArray(items)) return items;
  throw new TypeError('the answer is not a list');
}

function envelopeOf(answer: unknown): Envelope {
  if (Array.isArray(answer)) return { items: answer };
  const { items, total_pages } = (answer ?? {}) as { items?: unknown; total_pages?: unknown };
  if (!Array.isArray(items)) throw new TypeError('the answer is not a page');
  return { items, ...(typeof total_pages === 'number' ? { total_pages } : {}) };
}

/** What makes two rows the same: their id, or the ids of what they hold, or all that they say. */
function identityOf(row: unknown): string {
  if (typeof row !== 'object' || row === null) return JSON.stringify(row);
  const { id, user, team, invitation } = row as Record<string, unknown>;
  if (typeof id === 'string') return id;
  const nested = [user, team, invitation]
    .map((one) => (one as { id?: unknown } | null | undefined)?.id)
    .filter((one) => typeof one === 'string');
  return nested.length > 0 ? nested.join('/') : JSON.stringify(row);
}
