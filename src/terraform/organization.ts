// What one provider process knows of the organization it works on, and how it writes to it.
import { type Client, type ClientOptions, createClient, readTargetDocument } from '../client/index.ts';
import { ways } from '../connect.ts';
import { type Address, type KindName, kindOf, organization as organizationAddress } from '../core/address.ts';
import type { Call, Reading } from '../core/kind.ts';
import type { Live } from '../core/resource.ts';
import { type Identity, identify } from '../engine/caller.ts';
import { findOrganization } from '../engine/find.ts';
import { Snapshot } from './snapshot.ts';

/** Where the organization is, who asks, and what was agreed to. */
export interface Settings extends Omit<ClientOptions, 'writes' | 'uuid'> {
  /** Id or name. */
  readonly organization: string | undefined;
  /** Take over what is there already under the name of something to be created, and bring it in line. */
  readonly adoptExisting: boolean;
  /** Let the last admins, or the one who runs this, lose their rights. */
  readonly acceptLockOut: boolean;
}

/** An organization that was found, and the client that found it. */
export interface Opened {
  readonly client: Client;
  readonly id: string;
  readonly name: string;
  /** A call with its arguments where this target takes them. */
  readonly placed: (call: Call) => Call;
}

/** The organization cannot be worked on; the message says why. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

/** One organization, as one process sees it: read once, and kept up with what the process itself writes. */
export class Organization {
  readonly settings: Settings;
  #opened: Promise<Opened> | undefined;
  #identity: Promise<Identity> | undefined;
  #snapshot: Promise<Snapshot> | undefined;
  readonly #written = new Map<Address, Live | null>();
  readonly #readings = new Map<KindName, Waiting>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** Finds the organization; asked for once, at the first need. */
  open(): Promise<Opened> {
    this.#opened ??= open(this.settings);
    return this.#opened;
  }

  /** Who runs this. */
  async identity(): Promise<Identity> {
    this.#identity ??= this.open().then(({ client }) => identify(client.controlPlane));
    return this.#identity;
  }

  /** One thing as it is now; undefined when it is not there. */
  async find(address: Address): Promise<Live | undefined> {
    const written = this.#written.get(address);
    if (written !== undefined) return written ?? undefined;
    return (await this.#seen()).find(address);
  }

  /** Everything of a kind, with what was written since the lists were read. */
  async all(kind: KindName): Promise<Reading> {
    const reading = await (await this.#seen()).all(kind);
    const written = [...this.#written].filter(([address]) => kindOf(address) === kind);
    if (written.length === 0) return reading;
    const live = new Map(reading.live.map((one) => [one.address, one]));
    for (const [address, one] of written) {
      if (one) live.set(address, one);
      else live.delete(address);
    }
    return { ...reading, live: [...live.values()] };
  }

  /** The address of the thing with an id. */
  async withId(kind: KindName, id: string): Promise<Address | undefined> {
    for (const [address, live] of this.#written) if (live?.ids.id === id && kindOf(address) === kind) return address;
    const address = await (await this.#seen()).withId(kind, id);
    return address !== undefined && this.#written.get(address) === null ? undefined : address;
  }

  /** The ids by which a person or account is known. */
  async known(address: Address): Promise<Readonly<Record<string, string>> | undefined> {
    return (await this.find(address))?.ids ?? (await (await this.#seen()).known(address));
  }

  /** What this process has just done: nobody has to be asked about it. */
  wrote(address: Address, live: Live | undefined): void {
    this.#written.set(address, live ?? null);
  }

  /** Everything is read again, when it is next needed: names have changed that other addresses speak of. */
  forget(): void {
    this.#snapshot = undefined;
    this.#written.clear();
  }

  /** A thing as it is on the server after a write. Those who ask meanwhile share the reading that starts next. */
  async readBack(address: Address): Promise<Live | undefined> {
    const kind = kindOf(address);
    const waiting = this.#readings.get(kind) ?? { under: undefined, next: undefined };
    this.#readings.set(kind, waiting);
    waiting.next ??= Promise.resolve(waiting.under).then(() => {
      const next = this.#fresh();
      const reading = next.then((snapshot) => snapshot.all(kind)).then(() => next);
      waiting.under = reading.catch(() => {});
      waiting.next = undefined;
      return reading;
    });
    const live = await (await waiting.next).find(address);
    this.wrote(address, live);
    return live;
  }

  /** Works alone: what one has found out still holds when it writes. */
  async alone<T>(work: (now: Snapshot) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => work(await this.#fresh()));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #fresh(): Promise<Snapshot> {
    const { client, id } = await this.open();
    return new Snapshot(client, id);
  }

  #seen(): Promise<Snapshot> {
    this.#snapshot ??= this.#fresh();
    return this.#snapshot;
  }
}

/** The reading of a kind that is under way, and the one that starts after it. */
interface Waiting {
  under: Promise<unknown> | undefined;
  next: Promise<Snapshot> | undefined;
}

async function open(settings: Settings): Promise<Opened> {
  const client = createClient(settings);
  const document = await readTargetDocument(client.controlPlane, 'control-plane');
  client.adapt(document);
  const found = await findOrganization(client, { create: false }, settings.organization, settings.apiUrl);
  const [problem] = found.diagnostics;
  if (!found.organization) {
    const hint = 'name it in the provider (`organization = …`, its name or its id), or in ZENFORM_ORGANIZATION';
    throw new NotFound(`${problem?.summary ?? `there is no ${organizationAddress}`}; ${hint}`);
  }
  return {
    client,
    ...found.organization,
    placed: document ? ways(new Map([['control-plane', document]])).placed : (call) => call,
  };
}
