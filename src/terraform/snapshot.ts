// What one look at an organization shows: every list is asked for once, whoever needs it, and a single thing is asked for where the
// list does not show it. Nothing is asked before it is needed.
import type { Client, Session } from '../client/index.ts';
import { type Address, type KindName, kindOf, referencesOf } from '../core/address.ts';
import type { Reading } from '../core/kind.ts';
import { type Live, type Unread, unreadFor } from '../core/resource.ts';
import { readContext } from '../engine/read.ts';
import { kindNamed, kinds } from '../kinds/index.ts';

const allKinds = (Object.keys(kinds) as KindName[]).map(kindNamed);

/** Something that is there and cannot be read. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';

  constructor(address: string, unread: Unread) {
    super(`${address} cannot be checked: ${unread.reason}`);
  }
}

/** A kind as it was found, with its things by address and by id. */
interface Found {
  readonly reading: Reading;
  readonly byAddress: ReadonlyMap<Address, Live>;
  readonly byId: ReadonlyMap<string, Address>;
}

/** One look: what it has seen once it does not ask for again. */
export class Snapshot {
  readonly #client: Client;
  readonly #organizationId: string;
  readonly #found = new Map<KindName, Promise<Found>>();
  readonly #single = new Map<Address, Promise<Live | undefined>>();

  constructor(client: Client, organizationId: string) {
    this.#client = remembering(client);
    this.#organizationId = organizationId;
  }

  /** Everything of a kind that the lists show. */
  async all(kind: KindName): Promise<Reading> {
    return (await this.#kind(kind)).reading;
  }

  /** One thing; undefined when it is not there. Throws `Unreadable` when that cannot be told. */
  async find(address: Address): Promise<Live | undefined> {
    const { reading, byAddress } = await this.#kind(kindOf(address));
    const listed = byAddress.get(address);
    if (listed) return listed;
    const unread = await this.#unread(reading, address);
    if (unread) throw new Unreadable(address, unread);
    const known = this.#single.get(address) ?? this.#ask(address);
    this.#single.set(address, known);
    return known;
  }

  /** The address of the thing with an id, as far as the lists show it. */
  async withId(kind: KindName, id: string): Promise<Address | undefined> {
    return (await this.#kind(kind)).byId.get(id);
  }

  #kind(name: KindName): Promise<Found> {
    const known = this.#found.get(name);
    if (known) return known;
    const found = this.#read(name, new Set()).then(indexed);
    this.#found.set(name, found);
    return found;
  }

  /** What is unknown about an address: also that of something which it cannot exist without. */
  async #unread(reading: Reading, address: Address): Promise<Unread | undefined> {
    const own = unreadFor(reading.unread, address);
    if (own) return own;
    for (const reference of referencesOf(address)) {
      const kind = kindOf(reference);
      if (kind === 'role' || !this.#found.has(kind)) continue;
      const unread = unreadFor((await this.#kind(kind)).reading.unread, reference);
      if (unread) return unread;
    }
    return undefined;
  }

  async #ask(address: Address): Promise<Live | undefined> {
    const reading = await this.#read(kindOf(address), new Set([address]));
    const live = reading.live.find((one) => one.address === address);
    const unread = live ? undefined : unreadFor(reading.unread, address);
    if (unread) throw new Unreadable(address, unread);
    return live;
  }

  /** The ids by which somebody is known who holds nothing yet: looked up by name where no list has them. */
  async known(address: Address): Promise<Readonly<Record<string, string>> | undefined> {
    const reading = await this.all(kindOf(address));
    const listed = reading.principals?.get(address);
    return listed ?? (await this.#read(kindOf(address), new Set([address]))).principals?.get(address);
  }

  #read(name: KindName, wanted: ReadonlySet<Address>): Promise<Reading> {
    const options = { kinds: allKinds, wanted, mentioned: wanted, onEvent: () => {} };
    return readContext(this.#client, options, this.#organizationId).of(name);
  }
}

function indexed(reading: Reading): Found {
  return {
    reading,
    byAddress: new Map(reading.live.map((live) => [live.address, live])),
    byId: new Map(reading.live.flatMap(({ address, ids }) => (ids.id ? [[ids.id, address] as const] : []))),
  };
}

/** A client that asks for everything once; an answer and a refusal alike stay what they were. */
function remembering(client: Client): Client {
  const memory = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const known = memory.get(key) ?? ask();
    memory.set(key, known);
    // Both were made by the same question.
    return known as Promise<T>;
  };
  const session = (name: string, own: Session): Session => ({
    get: (path, query) => once(`get ${name} ${path} ${JSON.stringify(query)}`, () => own.get(path, query)),
    list: (path, query, how) =>
      once(`list ${name} ${path} ${JSON.stringify(query)} ${JSON.stringify(how)}`, () => own.list(path, query, how)),
    write: (request) => own.write(request),
  });
  return {
    ...client,
    controlPlane: session('control-plane', client.controlPlane),
    workspace: (url) => session(url, client.workspace(url)),
  };
}
