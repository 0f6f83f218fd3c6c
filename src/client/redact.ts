import type { Secret } from './secret.ts';

/** Takes the secrets of a client out of text that came from elsewhere: a server may repeat what it was sent. */
export interface Redactor {
  /** Remembers a secret, and gives it back. */
  know(secret: Secret): Secret;
  clean(text: string): string;
}

const keyLike = /\bZEN(?:PRO)?(?:KEY|PAT)_[\w.~+/=-]+/g;
/** Shorter values are words, and taking words out of messages would make riddles of them. */
const shortest = 8;

/** A redactor that knows no secret yet, but the look of ZenML keys. */
export function redactor(): Redactor {
  const known = new Set<string>();
  return {
    know(secret) {
      const value = secret.reveal().trim();
      if (value.length >= shortest) for (const form of [value, encodeURIComponent(value)]) known.add(form);
      return secret;
    },
    clean(text) {
      let clean = text;
      for (const value of known) clean = clean.replaceAll(value, '[secret]');
      return clean.replace(keyLike, '[secret]');
    },
  };
}
