import type { Address, KindName } from '../address.ts';
import type { Diagnostic, Place } from '../diagnostic.ts';

/** The guards whose refusals can be accepted, in the files or on the command line. */
export const acceptable = ['mass-change', 'lock-out', 'allowed-domains', 'unsafe-order', 'right-missing'] as const;
export type GuardName = (typeof acceptable)[number];

/** A refusal that a reviewer may accept: by the guard's name, and by what it is about. */
export interface Refusal {
  readonly guard: GuardName;
  readonly about: Address | KindName;
  readonly diagnostic: Diagnostic;
}

/** A refusal, with both ways to accept it. */
export function refusal(
  guard: GuardName,
  about: Address | KindName,
  words: { readonly summary: string; readonly why: string; readonly place?: Place },
): Refusal {
  const { summary, why, place } = words;
  const yaml = /^[\w./@+-]+$/.test(about) ? about : JSON.stringify(about);
  const word = `${guard}:${about}`;
  const flag = /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
  const hint = `${why}, write \`accept: [{ guard: ${guard}, address: ${yaml}, reason: … }]\` in the files, or give --accept ${flag}`;
  const diagnostic: Diagnostic = {
    code: guard,
    severity: 'error',
    summary,
    hint,
    ...(about.includes('/') || about === 'organization' ? { address: about as Address } : {}),
    ...(place ? { place } : {}),
  };
  return { guard, about, diagnostic };
}
