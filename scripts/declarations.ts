// The types of what programs import, beside `dist/index.js` and `dist/constructs.js`: what the compiler says about each file, with the names of files as other
// compilers want them.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../', import.meta.url));
const relative = /((?:from|import\() ?['"])(\.[^'"]*)\.ts(['"])/g;

/** Writes the declarations of what programs import and of the files that they speak of, and of no others. */
export async function writeDeclarations(): Promise<void> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const outDir = join(root, 'dist/types');
  // Types are checked by `npm run lint`; here they are only written.
  const emitting = {
    noEmit: false,
    noCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(root, 'src'),
    outDir,
  };
  const entries = { index: 'index', constructs: 'constructs/index' };
  const sources = Object.values(entries).map((name) => join(root, 'src', `${name}.ts`));
  const program = ts.createProgram(sources, { ...options, ...emitting });
  const made = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (name, text) => void made.set(name, text));
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost({})));
  const wanted = new Set(Object.values(entries).map((name) => join(outDir, `${name}.d.ts`)));
  for (const name of wanted) {
    const text = made.get(name) ?? '';
    for (const [, , path = ''] of text.matchAll(relative)) wanted.add(join(dirname(name), `${path}.d.ts`));
    await mkdir(dirname(name), { recursive: true });
    await writeFile(name, text.replaceAll(relative, '$1$2.js$3'));
  }
  for (const [name, source] of Object.entries(entries))
    await writeFile(join(root, `dist/${name}.d.ts`), `export * from './types/${source}.js';\n`);
}
