import { jsonText } from '../render/json.ts';
import type { Io } from './io.ts';

const schemas = {
  config: async (): Promise<object> => (await import('../config/language.ts')).language,
  plan: async () => (await import('../render/schemas.ts')).planSchema,
  report: async () => (await import('../render/schemas.ts')).reportSchema,
  events: async () => (await import('../render/schemas.ts')).eventSchema,
} as const;

export type SchemaName = keyof typeof schemas;
export const schemaNames = Object.keys(schemas) as readonly SchemaName[];

/** `zenform schema`: the JSON Schema of the configuration language, or of what other programs read. */
export async function printSchema(name: SchemaName, io: Io): Promise<number> {
  const schema = await schemas[name]();
  io.stdout.write(name === 'config' ? `${JSON.stringify(schema, null, 2)}\n` : jsonText(schema));
  return 0;
}
