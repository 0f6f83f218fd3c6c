import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { zenform } from './run.ts';

interface Workflow {
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

describe('the workflow that is shipped', () => {
  const workflow = parse(readFileSync('examples/ci/github.yml', 'utf8')) as Workflow;
  const commands = Object.values(workflow.jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run: line = '' }) => /npx zenform (\S+)(.*)$/.exec(line.replace(/ \|\|.*$/, ''))?.slice(1) ?? []),
  );

  it('lets one run at a time work on an organization, and cancels none', () => {
    expect(workflow.concurrency).toEqual({ group: 'zenform-acme', 'cancel-in-progress': false });
  });

  it('uses commands and options that there are', async () => {
    const pairs = commands.flatMap((word, index) => (index % 2 === 0 ? [[word, commands[index + 1] ?? ''] as const] : []));
    expect(pairs.map(([command]) => command)).toEqual(['validate', 'plan', 'apply', 'drift']);
    for (const [command, rest] of pairs) {
      const { stdout } = await zenform([command, '--help'], '.');
      for (const option of rest.match(/--[a-z-]+/g) ?? []) expect(stdout, command).toContain(option);
    }
  });
});
