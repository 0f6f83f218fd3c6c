import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import writeFileAtomic from 'write-file-atomic';
import type { Plan } from '../core/plan.ts';
import { jsonText, planDocument } from '../render/json.ts';
import { planSchema } from '../render/schemas.ts';
import type { Io } from './io.ts';
import { readText } from './text-file.ts';
import { usage } from './usage.ts';

/** Saves a plan, whole or not at all: the bytes of `plan -o json`. */
export async function savePlan(plan: Plan, name: string, io: Io): Promise<void> {
  try {
    await writeFileAtomic(resolve(io.cwd, name), jsonText(planDocument(plan, plan.diagnostics, 0)));
  } catch (error) {
    throw usage(`the plan cannot be written to ${name} (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

/** A saved plan. What is in it is believed for showing and comparing only: nothing of it is ever sent. */
export async function readPlan(name: string, io: Io): Promise<Plan> {
  const unusable = (why: string) =>
    usage(`${name} is no saved plan: ${why}`, 'make one with `zenform plan --out FILE`', 'plan-unusable');
  let document: unknown;
  try {
    document = JSON.parse(await readText(io.cwd, name));
  } catch (error) {
    if (error instanceof SyntaxError) throw unusable('it is not JSON');
    throw error;
  }
  const format = (document as { format?: unknown } | null)?.format;
  const known = planSchema.properties.format.const;
  if (format !== known) throw unusable(`its format is ${JSON.stringify(format) ?? 'not named'}, and this zenform reads ${known}`);
  const ajv = new Ajv2020({ strict: false });
  if (!ajv.validate(planSchema, document)) {
    const [first] = ajv.errors ?? [];
    throw unusable(`${first?.instancePath || 'it'} ${first?.message ?? 'is wrong'}`);
  }
  const plan = document as Plan;
  const addresses = plan.changes.map(({ address }) => address);
  if (new Set(addresses).size < addresses.length) throw unusable('it changes something twice');
  return plan;
}
