import { type Address, type KindName, kindOf, organization } from '../address.ts';
import type { Desired } from '../desired.ts';
import type { Kind } from '../kind.ts';
import type { Change } from '../plan.ts';
import type { Live } from '../resource.ts';
import { type Refusal, refusal } from './refusal.ts';

const share = 0.3;
const enough = 10;
const deletions = 10;

/** Much at once is more often a slip than a wish: a large part of what is live of a kind, many deletions, or everything. */
export function massChangeGuard(
  changes: readonly Change[],
  desired: Desired,
  ours: ReadonlyMap<Address, Live>,
  kindNamed: (name: KindName) => Kind,
): Refusal[] {
  const going = changes.filter(({ action }) => action === 'delete');
  const declared = [...desired.resources.keys()].some((address) => address !== organization);
  if (!declared && desired.gone.size === 0 && going.length > 0)
    return [
      refusal('mass-change', organization, {
        summary: `the files declare nothing, and ${going.length} of what is live would be deleted: ${listed(going)}`,
        why: 'if that is meant',
        ...(desired.organization.place ? { place: desired.organization.place } : {}),
      }),
    ];
  const names = [...new Set(changes.map(({ kind }) => kind))].sort();
  return names.flatMap((name) => {
    const touched = changes.filter(({ kind, action }) => kind === name && action !== 'create');
    const deleted = touched.filter(({ action }) => action === 'delete');
    const live = [...ours.keys()].filter((address) => kindOf(address) === name).length;
    const large = live >= enough && touched.length > share * live;
    if (!large && deleted.length <= deletions) return [];
    const { plural } = kindNamed(name);
    const counts = `${touched.length} of ${live} live ${plural} would be changed, ${deleted.length} of them deleted`;
    return [
      refusal('mass-change', name, {
        summary: `${counts}: ${listed(deleted.length > 0 ? deleted : touched)}`,
        why: 'if so many are meant',
      }),
    ];
  });
}

const shown = 20;

function listed(changes: readonly Change[]): string {
  const names = changes.slice(0, shown).map(({ address }) => address);
  return `${names.join(', ')}${changes.length > shown ? ` and ${changes.length - shown} more` : ''}`;
}
