import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    exclude: ['tests/bench/**', 'tests/faults/long/**'],
    // Beside other work a page takes several times as long; what hangs is found by the run as a whole.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A process per file: the embedded database is a thread of its own and takes 0.5 to 0.8 GB while the file runs.
    pool: 'forks',
    maxWorkers: Math.max(2, Math.min(4, availableParallelism())),
  },
});
