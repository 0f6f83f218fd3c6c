import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { mutants } from './test/mutants/list.ts';

const mutant = mutants.find(({ name }) => name === process.env.ZENFORM_MUTANT);
if (!mutant) throw new Error(`there is no mutant ${process.env.ZENFORM_MUTANT}`);

/** The tests against one wrong version of the program: its source text is replaced while it is loaded. */
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 120_000 },
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      transform(code, id) {
        if (id.split('?')[0] !== fileURLToPath(new URL(mutant.file, import.meta.url))) return undefined;
        return code.replace(mutant.find, () => mutant.replace);
      },
    },
  ],
});
