import { nameOf } from '../address.ts';
import type { Desired } from '../desired.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Kind } from '../kind.ts';
import type { Change } from '../plan.ts';

/** Deleting what holds data or keys needs a second word: its name in the files, or the address on the command line. */
export function destroyGuard(
  changes: readonly Change[],
  desired: Desired,
  allowed: (change: Change) => boolean,
  kindNamed: (name: Change['kind']) => Kind,
): Diagnostic[] {
  return changes.flatMap((change) => {
    if (change.action !== 'delete' || !kindNamed(change.kind).holdsData || allowed(change)) return [];
    const gone = desired.gone.get(change.address);
    if (gone?.destroy === nameOf(change.address)) return [];
    // What goes with its workspace is covered by the workspace's own permission.
    if (change.because && desired.gone.get(change.because as Change['address'])?.destroy !== undefined) return [];
    if (change.because && changes.some((other) => other.address === change.because && allowed(other))) return [];
    return [
      {
        code: 'destroy-needs-word' as const,
        severity: 'error' as const,
        summary: `${change.address} would be deleted: ${change.effects?.join('; ') ?? 'that destroys data'}`,
        hint: `write \`absent: { destroy: ${nameOf(change.address)} }\` in its block, or give --allow-destroy '${change.address}'`,
        address: change.address,
        ...(gone?.place ? { place: gone.place } : {}),
      },
    ];
  });
}
