// Bundles the program into one file that starts fast, what programs import (those of CDKTF from a file of its own), the demo, and the
// provider of Terraform.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { writeDeclarations } from './declarations.ts';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

/** Only texts are sent, so the 150 KB of `form-data`, which every start would have to read, give way to what Node has itself. */
const withoutForms: Plugin = {
  name: 'without-forms',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^form-data$/ }, () => ({ path: 'form-data', namespace: 'built-in' }));
    onLoad({ filter: /./, namespace: 'built-in' }, () => ({ contents: 'module.exports = globalThis.FormData;' }));
  },
};

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  define: { ZENFORM_VERSION: JSON.stringify(version) },
  plugins: [withoutForms],
  logLevel: 'warning',
} satisfies BuildOptions;

const module = {
  ...common,
  format: 'esm',
  // Some dependencies are CommonJS and ask for built-in modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
} satisfies BuildOptions;

/**
 * Puts what the provider does after its greeting into the program as one text: to pass over a text is quick, and to pass over that many
 * functions would take as long as all of the greeting. It is compiled when Terraform asks for it.
 */
const asText: Plugin = {
  name: 'as-text',
  setup({ onLoad }) {
    onLoad({ filter: /provider-calls\.ts$/ }, async ({ path }) => {
      const made = await build({
        ...common,
        format: 'cjs',
        entryPoints: [path],
        write: false,
        supported: { 'dynamic-import': false },
      });
      const text = JSON.stringify(made.outputFiles[0]?.text ?? '');
      const contents = `const own = { exports: {} };\nnew Function('module', 'exports', 'require', ${text})(own, own.exports, require);\nexport const load = own.exports.load;`;
      return { contents, loader: 'js' };
    });
  },
};

const provider = `dist/provider/terraform-provider-zenmlpro_v${version}`;

await rm('dist', { recursive: true, force: true });
await Promise.all([
  // CommonJS, because there even Node's own modules are loaded only by the command that needs them; what is imported lazily stays lazy.
  build({
    ...common,
    format: 'cjs',
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/zenform.cjs',
    banner: { js: '#!/usr/bin/env node' },
  }),
  build({ ...common, format: 'cjs', entryPoints: ['src/github/main.ts'], outfile: 'dist/github.cjs' }),
  build({ ...module, entryPoints: ['src/index.ts'], outfile: 'dist/index.js' }),
  build({ ...module, entryPoints: ['src/constructs/index.ts'], outfile: 'dist/constructs.js' }),
  writeDeclarations(),
  build({ ...module, entryPoints: ['scripts/demo.ts'], outfile: 'dist/demo.js' }),
  build({
    ...common,
    format: 'cjs',
    entryPoints: ['src/provider.ts'],
    plugins: [asText],
    outfile: provider,
    banner: { js: '#!/usr/bin/env node' },
  }),
]);
await chmod(provider, 0o755);
// Its name has no extension, so that this has to say what is in it, below a package of modules.
await writeFile('dist/provider/package.json', '{"type":"commonjs"}\n');
