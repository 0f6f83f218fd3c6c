import type { Accept } from '../desired.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Refusal } from './refusal.ts';

/** What was accepted: in the files with a place, or on the command line without one. */
export type Accepted = Pick<Accept, 'guard' | 'address'> & Partial<Pick<Accept, 'place'>>;

/** The refusals that nobody accepted, and a note for every accept that nothing needed. */
export function unaccepted(
  refusals: readonly Refusal[],
  accepts: readonly Accepted[],
): { refused: Diagnostic[]; notes: Diagnostic[] } {
  const fits = (accept: Accepted, { guard, about }: Refusal) => accept.guard === guard && accept.address === about;
  return {
    refused: refusals.filter((one) => !accepts.some((accept) => fits(accept, one))).map(({ diagnostic }) => diagnostic),
    notes: accepts.filter((accept) => !refusals.some((one) => fits(accept, one))).map(notNeeded),
  };
}

function notNeeded({ guard, address, place }: Accepted): Diagnostic {
  return {
    code: 'accept-not-needed',
    severity: 'note',
    summary: `nothing has to be accepted for ${guard} at ${address}`,
    hint: place ? 'remove the entry, so that it accepts nothing later' : 'leave --accept out',
    ...(place ? { place } : {}),
  };
}
