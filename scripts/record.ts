// Writes what a real ZenML server answers, in the form of test/contract/recorded: the requests of the last recording are sent to servers
// of the release that an argument names (default: the one that the tests run), and their answers are written beside it. What differs
// from run to run keeps its recorded value, so that the difference between two files is the difference between two releases. To probe
// something more, add a line with a request (and an empty answer) and record again.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Json, recordingOf, rowsOf } from '../test/contract/replay.ts';
import { environmentIn, release } from '../test/real/environment.ts';
import { record } from '../test/real/record.ts';

/** One line of JSON with spaces, as recordings have it. */
function lineOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(lineOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${lineOf(one)}`);
  return `{${fields.join(', ')}}`;
}

const version = process.argv[2] ?? release;
const peers = fileURLToPath(new URL('peers.ts', import.meta.url));
const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', peers, version]);
const environment = environmentIn(stdout.trim());
if (!environment) throw new Error(stdout.trim());

for (const kind of ['oss', 'pro']) {
  const recorded = await record(environment, rowsOf(recordingOf(kind, release)));
  const file = recordingOf(kind, version);
  await writeFile(file, recorded.map(({ row }) => `${lineOf(row)}\n`).join(''));
  const unlike = recorded.filter(({ problems }) => problems.length > 0);
  for (const { row, problems } of unlike)
    console.log(`${row.mode}: ${row.note}\n${problems.map((one) => `    ${one}`).join('\n')}`);
  console.log(
    `${fileURLToPath(file)}: ${recorded.length} exchanges with ZenML ${environment.zenml}, ${unlike.length} unlike the recording of ${release}`,
  );
}
