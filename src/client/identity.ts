/** What a row is, for telling whether it came before: its own id, else the ids in it, else all of it. */
export function identityOf(row: unknown): string {
  if (!isRecord(row)) return canonical(row);
  const own = idText(row.id);
  if (own !== undefined) return `id ${own}`;
  const nested = Object.entries(row).flatMap(([key, value]) => {
    const id = isRecord(value) ? idText(value.id) : key.endsWith('_id') ? idText(value) : undefined;
    return id === undefined ? [] : [[key.replace(/_id$/, ''), id]];
  });
  // A scope alone says where, not what.
  const says = nested.some(([key]) => !['organization', 'workspace', 'project'].includes(key ?? ''));
  return says ? `ids ${canonical(nested.sort())}` : canonical(row);
}

/** The rows without those that came before, the first of each kept. */
export function distinct(rows: readonly unknown[]): readonly unknown[] {
  const seen = new Map<string, unknown>();
  for (const row of rows) {
    const identity = identityOf(row);
    if (!seen.has(identity)) seen.set(identity, row);
  }
  return [...seen.values()];
}

/** JSON with sorted keys: the same text for the same value. */
export function canonical(value: unknown): string {
  const sorted = (_: string, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  return JSON.stringify(value, sorted) ?? 'undefined';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function idText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
