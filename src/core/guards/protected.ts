import type { Desired } from '../desired.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Change } from '../plan.ts';

/** `protected: true` forbids a deletion, also when the block is gone and only the base has it. */
export function protectedGuard(changes: readonly Change[], desired: Desired, base: Desired | undefined): Diagnostic[] {
  return changes.flatMap((change) => {
    const guarded = base?.resources.get(change.address);
    const gone = desired.gone.get(change.address);
    if (change.action !== 'delete' || !(guarded?.protected || gone?.protected)) return [];
    const place = gone?.place ?? guarded?.place;
    return [
      {
        code: 'protected' as const,
        severity: 'error' as const,
        summary: `${change.address} is protected and would be deleted`,
        hint: 'remove `protected` in a change of its own first',
        address: change.address,
        ...(place ? { place } : {}),
      },
    ];
  });
}
