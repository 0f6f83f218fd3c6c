import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 60_000,
    // Last in the output: what ran beside real ZenML servers, or why it did not.
    reporters: ['default', './test/real/summary.ts'],
    // Every core: most of the time goes into laws, which only calculate.
    maxWorkers: '100%',
  },
});
