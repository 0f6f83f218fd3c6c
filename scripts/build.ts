// Bundles the program into one file that starts fast, what programs import, and the demo.
import { readFile, rm } from 'node:fs/promises';
import { type BuildOptions, build } from 'esbuild';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  define: { ZENFORM_VERSION: JSON.stringify(version) },
  // Some dependencies are CommonJS and ask for built-in modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
} satisfies BuildOptions;

await rm('dist', { recursive: true, force: true });
await Promise.all([
  // CommonJS starts faster than a module of the same size.
  build({
    ...common,
    format: 'cjs',
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/zenform.cjs',
    banner: { js: '#!/usr/bin/env node' },
  }),
  build({ ...common, entryPoints: ['src/index.ts'], outfile: 'dist/index.js' }),
  build({ ...common, entryPoints: ['scripts/demo.ts'], outfile: 'dist/demo.js' }),
]);
