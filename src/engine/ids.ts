import type { Address } from '../core/address.ts';

/** The server's ids as a run learns them: what was live before, and what it has created since. */
export class Ids {
  readonly #known = new Map<Address, Record<string, string>>();

  /** Adds what is known of a thing; later knowledge wins. */
  learn(address: Address, ids: Readonly<Record<string, string>>): void {
    this.#known.set(address, { ...this.#known.get(address), ...ids });
  }

  /** Everything that is known of a thing. */
  of(address: Address): Readonly<Record<string, string>> {
    return this.#known.get(address) ?? {};
  }

  get(address: Address, name: string): string | undefined {
    return this.#known.get(address)?.[name];
  }
}
