import type { Secret } from './secret.ts';
import type { ClientClock } from './types.ts';

/** What a request is authorized with. A fixed one cannot be renewed: a ready token, or the key itself. */
export interface Bearer {
  readonly value: Secret;
  /** Milliseconds by the clock. */
  readonly renewAt: number;
  readonly fixed: boolean;
}

/** Tokens of one server. Whoever asks at the same time shares one login. */
export interface Tokens {
  /** A bearer that is good for now. */
  current(): Promise<Bearer>;
  /** One that is newer than the refused one; undefined when there is none to be had. */
  renew(refused: Bearer): Promise<Bearer | undefined>;
}

/** Milliseconds before its end at which a token is renewed. */
const margin = 5 * 60_000;

/** Keeps the token that a login gives for as long as it lives. */
export function tokens(login: () => Promise<Bearer>, clock: ClientClock): Tokens {
  let held: Bearer | undefined;
  let flight: Promise<Bearer> | undefined;
  const fresh = () => {
    flight ??= login()
      .then((bearer) => {
        held = bearer;
        return bearer;
      })
      .finally(() => {
        flight = undefined;
      });
    return flight;
  };
  return {
    current: async () => (held && clock.now() < held.renewAt ? held : fresh()),
    renew: async (refused) => {
      if (refused.fixed) return undefined;
      // Somebody else may have renewed it while the refused request was under way.
      return held && held !== refused ? held : fresh();
    },
  };
}

/** When a token that lives that many seconds is to be renewed: 5 minutes before its end, or at half of a shorter life. */
export function renewAt(expiresIn: unknown, now: number): number {
  const seconds = typeof expiresIn === 'string' && expiresIn.trim() !== '' ? Number(expiresIn) : expiresIn;
  if (typeof seconds !== 'number' || !(seconds > 0)) return Number.POSITIVE_INFINITY;
  const life = seconds * 1000;
  return now + Math.max(life - margin, life / 2);
}
