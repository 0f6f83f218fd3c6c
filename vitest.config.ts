import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 60_000,
    // Every core: most of the time goes into laws, which only calculate.
    maxWorkers: '100%',
  },
});
