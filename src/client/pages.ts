// Lists without losing rows and without looping for ever, whatever the server makes of the paging parameters.
import { distinct, identityOf } from './identity.ts';

/** What is known of a server's paging; shared by all lists of a session. */
export interface Paging {
  /** Lists obey `limit`: a page has come back full. A short page then is a last page. */
  limitHonoured: boolean;
}

/** A server that never repeats itself and never ends is broken; this is far beyond any organization. */
const mostPages = 10_000;

/** All rows of a list of the control plane: asked on from the rows received until a page brings nothing new. */
export async function readByOffset(
  fetch: (query: { offset: number; limit: number }) => Promise<readonly unknown[]>,
  paging: Paging,
  limit: number,
): Promise<readonly unknown[]> {
  const rows = new Map<string, unknown>();
  let offset = 0;
  for (let page = 1; page <= mostPages; page++) {
    const received = await fetch({ offset, limit });
    const known = rows.size;
    for (const row of received) {
      const identity = identityOf(row);
      if (!rows.has(identity)) rows.set(identity, row);
    }
    if (rows.size === known || (received.length < limit && paging.limitHonoured)) break;
    if (received.length === limit) paging.limitHonoured = true;
    offset += received.length;
  }
  return [...rows.values()];
}

/** One page of a workspace server. */
export interface Page {
  readonly items: readonly unknown[];
  readonly totalPages: number;
}

/** All rows of a list of a workspace server; `fetch` answers undefined for a page beyond the last, and the list is then read once more. */
export async function readByPage(
  fetch: (query: { page: number; size: number }) => Promise<Page | undefined>,
  size: number,
): Promise<readonly unknown[]> {
  let rows: unknown[] = [];
  let again = true;
  for (let page = 1; page <= mostPages; page++) {
    const received = await fetch({ page, size });
    if (!received && !again) break;
    if (!received) {
      // It shrank while it was read: rows have moved to pages that were read before.
      again = false;
      rows = [];
      page = 0;
      continue;
    }
    rows.push(...received.items);
    if (page >= received.totalPages) break;
  }
  return distinct(rows);
}

/** The rows of an answer, as a bare array or in an envelope; undefined when it is no list. */
export function rowsOf(answer: unknown): readonly unknown[] | undefined {
  if (Array.isArray(answer)) return answer;
  const items = typeof answer === 'object' && answer !== null ? (answer as { items?: unknown }).items : undefined;
  return Array.isArray(items) ? items : undefined;
}

/** A page of a workspace server; a list without a count of pages is all there is. */
export function pageOf(answer: unknown): Page | undefined {
  const items = rowsOf(answer);
  if (!items) return undefined;
  const total = (answer as { total_pages?: unknown }).total_pages;
  return { items, totalPages: typeof total === 'number' ? total : 1 };
}
