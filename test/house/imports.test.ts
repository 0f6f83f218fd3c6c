import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** What each part of the house may import of ours. A part that is not listed may not exist. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  api: [],
  client: ['api'],
  emulator: ['api'],
  kinds: ['core', 'api'],
  config: ['core', 'kinds'],
  render: ['core'],
  explain: ['core', 'render'],
  engine: ['core', 'client'],
  'inputs.ts': ['core', 'client', 'config'],
  'connect.ts': ['core', 'client', 'kinds', 'inputs.ts'],
  'sync.ts': ['connect.ts', 'core', 'client', 'kinds', 'config', 'engine', 'inputs.ts'],
  'look.ts': ['api', 'core', 'client', 'kinds', 'config', 'engine', 'inputs.ts', 'connect.ts', 'sync.ts'],
  'daily.ts': ['core', 'client', 'kinds', 'config', 'inputs.ts', 'connect.ts', 'sync.ts'],
  'library.ts': ['core', 'client', 'config', 'inputs.ts', 'sync.ts'],
  'index.ts': [
    'daily.ts',
    'library.ts',
    'look.ts',
    'core',
    'client',
    'kinds',
    'config',
    'engine',
    'render',
    'inputs.ts',
    'sync.ts',
  ],
  commands: [
    'daily.ts',
    'look.ts',
    'core',
    'client',
    'kinds',
    'config',
    'engine',
    'render',
    'explain',
    'emulator',
    'inputs.ts',
    'sync.ts',
    'terraform',
    'constructs',
  ],
  terraform: ['core', 'client', 'kinds', 'config', 'engine', 'inputs.ts', 'connect.ts'],
  // The classes are made from the provider's schema, so that there is one; and a stack has the blocks that the provider's blocks are.
  constructs: ['core', 'client', 'kinds', 'config', 'engine', 'terraform'],
  'cli.ts': ['commands'],
  'provider-calls.ts': ['commands', 'terraform'],
  'provider.ts': ['provider-calls.ts', 'terraform'],
  // A program of its own, which calls the other one.
  github: [],
};

/** What is started as a program, and so knows `process`. */
const programs = new Set(['cli.ts', 'provider.ts', 'provider-calls.ts', 'github/main.ts']);

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8');
  const found = text.matchAll(
    /(?:^|[\s;])(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g,
  );
  return [...found].map(([, named, lazy]) => ({ file, target: named ?? lazy ?? '' }));
}

const partOf = (path: string) => path.split('/')[0] ?? '';

describe('the arrows of imports', () => {
  it('go one way', () => {
    const wrong = files.flatMap(importsOf).flatMap(({ file, target }) => {
      if (!target.startsWith('.')) return [];
      const to = partOf(relative(source, resolve(source, dirname(file), target)).replaceAll('\\', '/'));
      const from = partOf(file);
      return from === to || arrows[from]?.includes(to) ? [] : [`${file} imports ${target}`];
    });
    expect(wrong).toEqual([]);
  });

  it('leave the core without effects: no node:*, no console, no clock, no randomness', () => {
    const pure = files.filter((file) => file.startsWith('core/') || file.startsWith('render/'));
    const modules = pure
      .flatMap(importsOf)
      .filter(({ target }) => target.startsWith('node:') || target === 'axios' || target === 'fs');
    expect(modules).toEqual([]);
    const effects = pure.filter((file) =>
      /\bconsole\.|\bDate\.now\(|new Date\(\)|Math\.random\(|\bprocess\./.test(readFileSync(join(source, file), 'utf8')),
    );
    expect(effects).toEqual([]);
  });

  it('keep `process` in the files where programs start', () => {
    const knowing = files.filter(
      (file) =>
        !programs.has(file) &&
        /\bprocess\.(env|argv|exit|stdout|stderr|stdin|cwd)\b/.test(readFileSync(join(source, file), 'utf8')),
    );
    expect(knowing).toEqual([]);
  });

  it('find every file in a part that is known', () => {
    expect(files.map(partOf).filter((part) => !(part in arrows))).toEqual([]);
  });
});
