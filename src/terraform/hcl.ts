// Terraform's own language, as far as blocks with attributes need it, in the form that `terraform fmt` leaves as it is.
import { canonical } from '../core/field.ts';
import type { Json } from '../core/resource.ts';
import { type Block, type BlockValue, isReference } from './blocks.ts';

/** A text in quotes; what would begin a template is none. */
export function quoted(text: string): string {
  // JSON has two escapes that the language lacks; a sign before a brace is doubled.
  return JSON.stringify(text).replace(/\\\\|\\b|\\f|[$%](?=\{)/g, (found) => escapes[found] ?? found + found);
}

const escapes: Readonly<Record<string, string>> = { '\\\\': '\\\\', '\\b': '\\u0008', '\\f': '\\u000c' };

/** A block with its attributes, the signs of equality below each other. */
export function blockText(head: string, attributes: readonly (readonly [name: string, value: string])[]): string {
  if (attributes.length === 0) return `${head} {}\n`;
  const widest = Math.max(...attributes.map(([name]) => name.length));
  // Only lines that follow each other are aligned: a value of several lines ends such a group.
  const lines = attributes.map(([name, value]) => `  ${name.padEnd(widest)} = ${value}\n`);
  return `${head} {\n${lines.join('')}}\n`;
}

/** The import block of a block. */
export function importText(block: Block): string {
  return blockText('import', [
    ['to', `${block.schema.type}.${block.name}`],
    ['id', quoted(block.importId)],
  ]);
}

/** The resource itself; `at` names the block of an address that something refers to. */
export function resourceText(block: Block, at: (address: string) => Block | undefined): string {
  const attributes = Object.entries(block.attributes).map(([name, value]) => {
    const json = block.schema.attributes.find((one) => one.name === name)?.json === true;
    return [name, valueText(value, json, at)] as const;
  });
  return blockText(`resource ${quoted(block.schema.type)} ${quoted(block.name)}`, attributes);
}

function valueText(value: BlockValue, json: boolean, at: (address: string) => Block | undefined): string {
  if (isReference(value)) {
    const target = at(value.refersTo);
    if (!target) throw new Error(`nothing is at ${value.refersTo}`);
    return `${target.schema.type}.${target.name}.${value.attribute}`;
  }
  if (json && typeof value === 'string') return `jsonencode(${plain(JSON.parse(value) as Json)})`;
  return plain(value);
}

/** A value as an expression on one line. */
function plain(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  if (value === null || typeof value !== 'object') return canonical(value);
  const entries = Object.entries(value).map(([key, item]) => `${quoted(key)} = ${plain(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
