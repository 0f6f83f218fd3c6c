import { expect, it } from 'vitest';
import { recordingOf, rowsOf } from '../contract/replay.ts';
import { release } from './environment.ts';
import { record } from './record.ts';
import { withPeers } from './stage.ts';

withPeers('real ZenML servers of every mode', (environment) => {
  it('answer every recorded request as recorded, and ask the same of their control plane', async ({ task }) => {
    const rows = ['oss', 'pro'].flatMap((kind) => rowsOf(recordingOf(kind, release)));
    const recorded = await record(environment, rows);
    expect(recorded.filter(({ problems }) => problems.length > 0).map(({ row, problems }) => [row.note, problems])).toEqual([]);
    task.meta.compared = { live: recorded.length };
    task.meta.peers = { 'zenml server': environment.zenml, python: environment.pythonVersion };
  });
});
