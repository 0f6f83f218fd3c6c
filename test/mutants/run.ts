// Every wrong version of the program has to be noticed by the tests that are there for it. Prints each with its killer.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { type Mutant, mutants } from './list.ts';
import { switchMutants } from './switches.ts';

interface Verdict {
  readonly mutant: Mutant;
  readonly killer: string | undefined;
  readonly problem?: string;
}

async function judge(mutant: Mutant): Promise<Verdict> {
  const text = await readFile(mutant.file, 'utf8');
  const found = text.split(mutant.find).length - 1;
  if (found !== 1) return { mutant, killer: undefined, problem: `its text is found ${found} times in ${mutant.file}` };
  for (const killer of mutant.killers) if (await notices(mutant, killer)) return { mutant, killer };
  return { mutant, killer: undefined, problem: 'it lives' };
}

/** Whether a test file fails with the mutant in place, because of an assertion and not of something else. */
function notices(mutant: Mutant, file: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    // The seed is that of every run, under which the program itself passes: what fails here fails because of the mutant.
    const env = { ...process.env, ZENFORM_MUTANT: mutant.name };
    const child = spawn('npx', ['vitest', 'run', '--config', 'vitest.mutants.config.ts', '--bail', '1', file], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
      });
    child.on('error', reject);
    child.on('close', (code) => {
      if (/No test files found|Startup Error|Transform failed/.test(output))
        reject(new Error(`${mutant.name}: ${output.slice(-500)}`));
      else resolve(code !== 0);
    });
  });
}

const only = process.argv[2];
const queue = mutants.filter(({ name }) => !only || name.includes(only));
const verdicts: Verdict[] = [];
const width = Math.max(...queue.map(({ name }) => name.length));

async function work(): Promise<void> {
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const verdict = await judge(mutant);
    verdicts.push(verdict);
    console.log(`${verdict.killer ? 'killed ' : 'ALIVE  '} ${mutant.name.padEnd(width)}  ${verdict.killer ?? verdict.problem}`);
  }
}

await Promise.all([work(), work()]);
const alive = verdicts.filter(({ killer }) => !killer);
console.log(`\n${verdicts.length} mutants, ${verdicts.length - alive.length} killed, ${alive.length} alive`);

const broken = only ? [] : await switchMutants();
const unseen = broken.filter(({ killed }) => !killed);
for (const { place, name, value } of unseen) console.log(`ALIVE   the switch ${name} broken for ${value} at ${place}`);
if (broken.length > 0)
  console.log(`${broken.length} broken switches of the emulator, ${broken.length - unseen.length} noticed by their cases`);
process.exitCode = alive.length + unseen.length > 0 ? 1 : 0;
