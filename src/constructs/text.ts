import type { Block } from '../terraform/blocks.ts';

/**
 * Text of a file as Terraform has to read it: what looks like a template there is none. What looks like a token of the construct
 * libraries is broken up as well, since they look for theirs inside of everything.
 */
export function escaped(text: string): string {
  return text.replaceAll(/(\$+)(?=\{TfToken\[)|[$%](?=\{)/g, (found, dollars?: string) =>
    dollars === undefined ? `${found}${found}` : `\${"${dollars}"}`,
  );
}

/** What refers to an attribute of a block. */
export function referenceTo({ schema, name }: Pick<Block, 'schema' | 'name'>, attribute: string): string {
  return `\${${schema.type}.${name}.${attribute}}`;
}
