// Each call of the protocol, made by the real Terraform at least once.
import { afterAll, describe, expect, it } from 'vitest';
import { calls } from '../../src/terraform/plugin/protocol.ts';
import { openStage, type Stage, said, terraformBinary } from './stage.ts';

describe.skipIf(!terraformBinary)('the calls of the protocol', () => {
  let stage: Stage;
  afterAll(() => stage?.close());

  it('are all made', async () => {
    stage = await openStage();
    const run = async (...args: readonly string[]) => {
      const { code, out } = await stage.terraform(...args);
      expect(code, out).toBe(0);
    };
    const team = 'resource "zenmlpro_team" "x" {\n  name = "x"\n}\n';
    stage.write(`${team}data "zenmlpro_role" "all" {}\n`);
    await run('init');
    await run('apply', '-auto-approve');
    await run('plan', '-detailed-exitcode');
    await run('state', 'rm', 'zenmlpro_team.x');
    await run('import', 'zenmlpro_team.x', 'x');
    stage.write(`${team}resource "zenmlpro_team" "more" {\n  count = 40\n  name  = "more-\${count.index}"\n}\n`);
    // Interrupted while it waits for the server: it tells the provider to stop.
    let child: ReturnType<Stage['start']> | undefined;
    const stop = stage.emulator.onRequest(async (_index, { method, url }) => {
      if (method !== 'POST' || !url.endsWith('/teams')) return;
      child?.kill('SIGINT');
      while (!stage.calls.has('StopProvider')) await new Promise((next) => setImmediate(next));
    });
    child = stage.start('apply', '-auto-approve', '-no-color');
    expect((await said(child)).code).toBe(1);
    stop();
    await run('apply', '-auto-approve');
    // Terraform learns all of it from the schema; only other tools ask for the names alone.
    const expected = Object.keys(calls).filter((name) => name !== 'GetMetadata');
    expect(expected.filter((name) => !stage.calls.has(name))).toEqual([]);
  });
});
