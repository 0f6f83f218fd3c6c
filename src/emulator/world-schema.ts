import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { stateOf } from './load.ts';
import { defaultSwitches } from './switches.ts';
import type { World } from './world.ts';

const text = { type: 'string', minLength: 1 };
const nullableText = { type: ['string', 'null'] };
const id = { type: 'string', format: 'uuid' };
const flag = { type: 'boolean' };

function record(required: readonly string[], properties: Record<string, unknown>): Record<string, unknown> {
  return { type: 'object', additionalProperties: false, required, properties };
}
const list = (items: unknown): Record<string, unknown> => ({ type: 'array', items });

const key = record(['name'], {
  name: text,
  id,
  value: text,
  description: nullableText,
  active: flag,
  expires_at: nullableText,
  created: text,
  last_rotated: text,
});
const principals = { account: text, service_account: text, invitation: text };

const schema = record([], {
  accounts: list(
    record(['email'], {
      email: text,
      id,
      name: nullableText,
      username: text,
      super_user: flag,
      active: flag,
      password: { type: 'string' },
      keys: list(key),
    }),
  ),
  organizations: list(
    record(['name'], {
      name: text,
      id,
      description: nullableText,
      logo_url: nullableText,
      trusted_domains: list(text),
      roles: list(
        record(['name', 'level'], {
          name: text,
          level: text,
          id,
          description: nullableText,
          permissions: { type: 'array' },
        }),
      ),
      service_accounts: list(
        record(['name'], {
          name: text,
          id,
          display_name: nullableText,
          description: nullableText,
          active: flag,
          keys: list(key),
        }),
      ),
      invitations: list(record(['email'], { email: text, id, role: text, status: { enum: ['pending', 'accepted', 'expired'] } })),
      teams: list(
        record(['name'], {
          name: text,
          id,
          description: nullableText,
          members: list({ ...record([], principals), minProperties: 1, maxProperties: 1 }),
        }),
      ),
      workspaces: list(
        record(['name'], {
          name: { type: 'string', pattern: '^[a-z0-9-]{1,50}$' },
          id,
          display_name: text,
          description: nullableText,
          status: { enum: ['not_initialized', 'pending', 'available', 'failed', 'deactivated', 'deleted'] },
          desired_state: { enum: ['not_initialized', 'available', 'deactivated', 'deleted'] },
          state_reason: { type: 'string' },
          version: text,
          managed: flag,
          logo_url: nullableText,
          server_url: text,
          enrollment_key: text,
          mode: { enum: ['pro', 'oss', 'oss-inactive', 'oss-limits'] },
          quirk: { enum: ['stuck', 'flapping', 'no-server-url', 'unknown-status'] },
          projects: list(
            record(['name'], {
              name: { type: 'string', pattern: '^[a-z0-9_-]{1,50}$' },
              id,
              display_name: { type: 'string', maxLength: 255 },
              description: { type: 'string', maxLength: 255 },
              project_metadata: { type: 'object' },
              statistics: record([], { pipelines: { type: 'integer' }, runs: { type: 'integer' } }),
            }),
          ),
          legacy_service_accounts: list(
            record(['name'], { name: text, id, description: { type: 'string' }, active: flag, keys: list(key) }),
          ),
        }),
      ),
      grants: list(record(['role'], { role: text, level: text, ...principals, team: text, workspace: text, project: text })),
    }),
  ),
  switches: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
});

let validate: ReturnType<Ajv2020['compile']> | undefined;

function schemaProblems(value: unknown): string[] {
  if (!validate) {
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    (formats as unknown as (instance: Ajv2020) => void)(ajv);
    validate = ajv.compile(schema);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => {
    const detail = error.params as Record<string, unknown>;
    const extra =
      detail.additionalProperty ?? (detail.allowedValues ? (detail.allowedValues as unknown[]).join(', ') : undefined);
    return `${error.instancePath || '/'} ${error.message ?? 'is wrong'}${extra === undefined ? '' : ` (${String(extra)})`}`;
  });
}

/** Checks a value against the form of a world and resolves its references; throws an Error that lists every problem. */
export function checkWorld(value: unknown, name = 'seed'): World {
  const problems = schemaProblems(value ?? {});
  const world = (value ?? {}) as World;
  if (problems.length === 0) problems.push(...stateOf(world, { switches: defaultSwitches(), now: 0 }).problems);
  if (problems.length > 0)
    throw new Error(`${name} is not a valid world:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  return world;
}

/** Reads a world from YAML or JSON text; throws an Error that lists every problem. */
export function parseWorld(textOfWorld: string, name = 'seed'): World {
  let value: unknown;
  try {
    value = parse(textOfWorld);
  } catch (error) {
    throw new Error(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return checkWorld(value, name);
}
