import { defineConfig } from 'vitest/config';

/** The stories under every value of every switch: too many for every run. */
export default defineConfig({ test: { include: ['test/**/*.run.ts'], testTimeout: 600_000 } });
