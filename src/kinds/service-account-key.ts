import { Type } from 'typebox';
import { type Address, serviceAccountKey as address, nameOf, organization, parse } from '../core/address.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { text } from '../core/field.ts';
import type { Call, Kind, PlanContext, ReadContext, Reading } from '../core/kind.ts';
import type { Json, Live, Resource } from '../core/resource.ts';
import { asRow, defined, textOf } from './parts/decode.ts';
import { path as pathOf } from './parts/path.ts';
import { unique } from './parts/unique.ts';

const spec = Type.Object({
  delivered: Type.Boolean({ description: 'Whether its value has reached the place where it belongs.' }),
  rotated: text({ max: 50, description: 'When it got its value, and how old that may be.', examples: ['within 90d'] }),
  expires_in: text({ max: 20, writeOnly: true, description: 'How long a new key works.', examples: ['365d'] }),
});

/** Stands before the description of a key from the moment its value is made until the sink has it. */
const mark = '[not delivered yet]';
/** How long the value before works on after a rotation. */
const overlapMinutes = 24 * 60;

const paths = {
  all: '/organizations/{organization_id}/service_accounts/{service_account_name_or_id}/api_keys',
  one: '/organizations/{organization_id}/service_accounts/{service_account_name_or_id}/api_keys/{api_key_name_or_id}',
  rotate: '/organizations/{organization_id}/service_accounts/{service_account_name_or_id}/api_keys/{api_key_name_or_id}/rotate',
} as const;

/**
 * An API key of a service account. The server shows a value once, so what is kept in step is not the value but whether it was
 * delivered, and when it was made.
 */
export const serviceAccountKey: Kind<typeof spec> = {
  name: 'service_account_key',
  summary: 'An API key of a service account; its value goes to a file or a command, once.',
  plural: 'API keys',
  spec,
  examples: [{ delivered: true, rotated: 'within 90d' }],
  reads: ['service_account'],
  holdsData: true,
  irreversible: (action) => (action === 'delete' ? 'whoever uses it can no longer log in' : undefined),

  async list(read) {
    const accounts = await read.of('service_account');
    const wanted = [...read.mentioned].flatMap((one) => accountIn(one) ?? []);
    if (wanted.length === 0) return { live: [], unread: [] };
    const live = new Set(accounts.live.map((one) => one.address));
    // An account that is not there may be one that gets another name: then its keys are found under the old one.
    const all = wanted.some((account) => !live.has(account));
    const asked = accounts.live.filter((account) => all || wanted.includes(account.address));
    const readings = await Promise.all(asked.map((account) => keysOf(account, read)));
    return {
      live: readings.flatMap((reading) => reading.live),
      unread: readings.flatMap((reading) => reading.unread),
      oddities: readings.flatMap((reading) => reading.oddities ?? []),
    };
  },

  create(resource, plan) {
    const days = resource.spec.expires_in;
    const body = defined({
      name: nameOf(resource.address),
      description: mark,
      expires_in_minutes: typeof days === 'string' ? minutesIn(days) : undefined,
    });
    const path = pathOf(paths.all, plan.ref(organization), plan.ref(accountOf(resource.address)));
    return [
      { server: 'control-plane', method: 'POST', path, body, ...secret(resource, plan) },
      change(resource, plan, { description: '' }, ['/delivered']),
    ];
  },

  update(resource, live, changes, plan) {
    const description = String(live.facts?.description ?? '');
    const idle = live.facts?.active === false;
    const marking = change(resource, plan, { description: `${mark} ${description}`.trim() }, ['/rotated']);
    const rotation: Call = {
      server: 'control-plane',
      method: 'POST',
      path: pathOf(paths.rotate, ...idsOf(resource.address, plan)),
      // Nobody works with a key that was switched off, so that nothing of it has to live on.
      body: { retain_period_minutes: idle ? 0 : overlapMinutes },
      alternatives: [{ method: 'PUT' }],
      fields: ['/rotated'],
      ...secret(resource, plan, 'rotated'),
    };
    const clearing = change(resource, plan, { description, ...(idle ? { active: true } : {}) }, ['/delivered']);
    const marked = changes.some(({ path }) => path === '/delivered');
    return marked ? [rotation, clearing] : [marking, rotation, clearing];
  },

  delete(live, plan, deleted) {
    if (deleted(accountOf(live.address))) return [];
    return [{ server: 'control-plane', method: 'DELETE', path: pathOf(paths.one, ...idsOf(live.address, plan)) }];
  },

  same(field, _desired, before, live, { age }) {
    if (field !== 'rotated') return false;
    // Who switched a key off did not ask for a new value of it.
    if (live.facts?.active === false || age?.oldest === undefined) return true;
    return typeof before === 'string' && instantOf(before) >= Date.parse(age.oldest);
  },

  check(resource, plan) {
    const live = plan.live(resource.address);
    return live ? expired(resource, live) : [];
  },

  cleared: () => null,
};

function accountOf(key: Address): Address {
  const parsed = parse(key);
  if (parsed.kind !== 'service_account_key') throw new Error(`not an API key: ${key}`);
  return parsed.account;
}

function accountIn(one: Address): Address | undefined {
  const parsed = parse(one);
  return parsed.kind === 'service_account_key' ? parsed.account : undefined;
}

const idsOf = (key: Address, plan: PlanContext) => [plan.ref(organization), plan.ref(accountOf(key)), plan.ref(key)] as const;

/** A change of the key itself, which is the same however often it is sent. */
function change(resource: Resource, plan: PlanContext, body: Json, fields: readonly string[]): Call {
  return {
    server: 'control-plane',
    method: 'PATCH',
    path: pathOf(paths.one, ...idsOf(resource.address, plan)),
    body,
    alternatives: [{ method: 'PUT' }],
    fields,
  };
}

/** Where the value of an answer goes; a value that could not be delivered must not work, unless this run may work with it itself. */
function secret({ address: key, sink }: Resource, plan: PlanContext, shownBy?: string): Pick<Call, 'secret' | 'irreversible'> {
  if (!sink) return {};
  const otherwise = change({ address: key, spec: {} }, plan, { active: false }, ['/active']);
  const own = shownBy !== undefined && accountOf(key) === plan.caller;
  const to = 'file' in sink ? `the file ${sink.file}` : `the command \`${sink.exec.join(' ')}\``;
  const irreversible = shownBy ? `it gets a new value, which goes to ${to}; the old one ends` : `its value goes to ${to}`;
  return { irreversible, secret: { field: 'key', to: sink, ...(shownBy ? { shownBy } : {}), ...(own ? {} : { otherwise }) } };
}

async function keysOf(account: Live, read: ReadContext): Promise<Reading> {
  try {
    const path = pathOf(paths.all, read.organizationId, account.ids.id ?? '');
    const rows = await read.list('control-plane', path);
    return unique(
      rows.map((row) => decode(row, account.address)),
      'API keys',
    );
  } catch (error) {
    const reason = `its keys cannot be read: ${read.unreadable(error)}`;
    return { live: [], unread: [{ prefix: `${account.address}/key/`, reason }] };
  }
}

function decode(item: unknown, account: Address): Live | undefined {
  const row = asRow(item);
  const [id, name] = [textOf(row, 'id'), textOf(row, 'name')];
  if (!row || !id || !name) return undefined;
  const description = textOf(row, 'description') ?? '';
  return {
    address: address(account, name),
    ids: { id },
    spec: defined({
      delivered: !description.startsWith(mark),
      rotated: textOf(row, 'last_rotated') ?? textOf(row, 'created'),
    }),
    facts: defined({
      active: row.active !== false,
      description: description.startsWith(mark) ? description.slice(mark.length).trim() : description,
      expires_at: textOf(row, 'expires_at'),
    }),
  };
}

/** A moment as servers write it: without a zone, UTC is meant. */
const instantOf = (moment: string) => Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(moment) ? moment : `${moment}Z`);

const units = { m: 1, h: 60, d: 24 * 60, w: 7 * 24 * 60 } as const;

/** The minutes of a duration such as `90d`. */
export function minutesIn(duration: string): number {
  return Number(duration.slice(0, -1)) * units[duration.slice(-1) as keyof typeof units];
}

/** A key past its end stays dead: no call of the API gives it a later one. */
function expired(resource: Resource, live: Live): Diagnostic[] {
  const end = live.facts?.expires_at;
  if (typeof end !== 'string' || !resource.age || instantOf(end) > Date.parse(resource.age.now)) return [];
  return [
    {
      code: 'key-expired',
      severity: 'warning',
      summary: `${resource.address} expired at ${end}, and the API has no way to prolong it`,
      hint: 'declare a key of another name, and remove this one with `absent: { destroy: NAME }`',
      address: resource.address,
      ...(resource.place ? { place: resource.place } : {}),
    },
  ];
}
