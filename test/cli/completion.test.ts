import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shells } from '../../src/commands/completion.ts';
import { cleanUp, folderWith, zenform } from './run.ts';

const program = fileURLToPath(new URL('../../dist/zenform.cjs', import.meta.url));
const folder = folderWith({
  'zenform.yaml': `organization: { name: acme }
members: { ada@acme.io: {} }
teams: { ml: { members: [ada@acme.io] }, data: {} }
workspaces: { prod: { projects: { churn: {} }, access: { Workspace Viewer: { teams: [ml] } } } }
`,
});
const bin = join(folder, 'bin');
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };

beforeAll(() => {
  mkdirSync(bin);
  writeFileSync(join(bin, 'zenform'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(join(bin, 'zenform'), 0o755);
});
afterAll(cleanUp);

const follow = async (...words: string[]) => {
  const { stdout } = await zenform(['__complete', ...words], folder);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
};

describe('what may follow', () => {
  it('is a command, an option of it, or what that takes', async () => {
    expect(await follow('ex')).toEqual(['export', 'explain']);
    expect(await follow('plan', '--det')).toEqual(['--detailed-exitcode']);
    expect(await follow('--quiet', 'plan', '--det')).toEqual(['--detailed-exitcode']);
    expect(await follow('plan', '-o', 'js')).toEqual(['json']);
    expect(await follow('plan', '-f', '')).toEqual([':files']);
    expect(await follow('plan', '--file=con')).toEqual([':files']);
    expect(await follow('apply', '')).toEqual([':files']);
    expect(await follow('explain', 'lock')).toEqual(['lock-out']);
    expect(await follow('explain', 'lock-out', '')).toEqual([]);
    expect(await follow('schema', '')).toEqual(['config', 'plan', 'report', 'events']);
    expect(await follow('completion', '')).toEqual([...shells]);
    expect(await follow('plan', '--accept', 'mass')).toEqual(['mass-change:']);
    expect(await follow('drift', '--fail-on-unmanaged', 'team')).toEqual(['team', 'team_member']);
    expect(await follow('plan', '--base', '')).toEqual([]);
  });

  it('is an address of the files, a part at a time', async () => {
    expect(await follow('plan', '--only', '')).toEqual(['member/', 'organization', 'team/', 'workspace/']);
    expect(await follow('plan', '--only', 'team/m')).toEqual(['team/ml', 'team/ml/']);
    expect(await follow('plan', '--only=workspace/prod/p')).toEqual(['--only=workspace/prod/project/']);
    expect(await follow('plan', '-f', 'nowhere.yaml', '--only', 'team/')).toEqual([]);
  });

  it('is never an error, whatever the line is', async () => {
    for (const line of [[], [''], ['plan', '--nothing', ''], ['nothing', ''], ['plan', '-f', '/dev/null', '--only', '\u0000']])
      expect((await zenform(['__complete', ...line], folder)).code).toBe(0);
  });
});

/** Lines as somebody types them, and what the shell then has. */
const typed: readonly (readonly [line: string, has: string])[] = [
  ['zenform val', 'validate'],
  ['zenform plan --detail', '--detailed-exitcode'],
  ['zenform plan --only team/da', 'team/data'],
  ['zenform explain lock', 'lock-out'],
  ['zenform plan -f zenf', 'zenform.yaml'],
];

describe('bash', () => {
  const bash = (line: string) =>
    execFileSync(
      'bash',
      [
        '--norc',
        '-c',
        `source <(zenform completion bash)
COMP_LINE=$1; COMP_POINT=\${#1}; COMP_WORDS=($1); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
compopt() { :; }
_zenform
printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        line,
      ],
      { cwd: folder, env, encoding: 'utf8' },
    ).trim();

  it.each(typed)('%s', (line, has) => {
    expect(bash(line)).toBe(has);
  });

  it('replaces only what stands behind a colon or an equals sign, and quotes what has spaces', () => {
    expect(bash('zenform plan --accept mass')).toBe('mass-change:');
    expect(bash('zenform plan --only=team/da')).toBe('team/data');
    expect(bash('zenform plan --only workspace/prod/grant/')).toBe('workspace/prod/grant/Workspace\\ Viewer/');
    expect(bash("zenform plan --only 'workspace/prod/grant/Workspace V'")).toBe('workspace/prod/grant/Workspace\\ Viewer/');
  });
});

const present = (shell: string) => (process.env.PATH ?? '').split(':').some((place) => existsSync(join(place, shell)));

describe.skipIf(!present('fish'))('fish', () => {
  it.each(typed)('%s', (line, has) => {
    const found = execFileSync('fish', ['--no-config', '-c', 'zenform completion fish | source; complete -C $argv[1]', line], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(found.split('\n').map((one) => one.split('\t')[0])).toContain(has);
  });
});

describe.skipIf(!present('zsh'))('zsh', () => {
  it.each(typed)('%s', (line, has) => {
    // Completion runs in a line editor only, so a second zsh gets a terminal; it prints the line when Tab has done its work.
    const script = `zmodload zsh/zpty || exit 1
zpty -b inner zsh -f -i
zpty -w inner "PS1= ; autoload -Uz compinit && compinit -D -u; source <(zenform completion zsh); show() { print -r -- \\"<<\\$BUFFER>>\\" }; zle -N show; bindkey '^X' show; print ready"
until zpty -r inner out '*ready*'$'\\n'; do :; done
zpty -n -w inner "$1"$'\\t\\x18'
zpty -r inner out '*>>*'
print -r -- $out`;
    const found = execFileSync('zsh', ['-f', '-c', script, 'zsh', line], { cwd: folder, env, encoding: 'utf8', timeout: 20_000 });
    expect(found).toContain(has);
  });
});
