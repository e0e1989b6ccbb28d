import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Files that measure what a process holds, or whose memory is better given back: each has a process of its own. */
const ALONE = ['tests/{pipeline,schools}/real.test.ts', 'tests/pipeline/sources/simulated.test.ts']

// Node runs the TypeScript itself, as in production: vite would load a second copy of graphql-js, which refuses to mix.
const common = {
  experimental: { viteModuleRunner: false },
  // What tests ingest is invented: whoever has a store or a database at hand in the shell does not publish it there.
  env: { DATABASE_URL: '', STRATES_STORE_URL: '', REDIS_URL: '' },
  // Only to end what hangs: the first that needs the store of the fixtures waits until it is made.
  testTimeout: 60_000,
  hookTimeout: 300_000,
}

export default defineConfig({
  test: {
    ...common,
    // Many tests wait for a process of their own: a core left free for vitest is a core left idle.
    maxWorkers: availableParallelism(),
    projects: [
      { test: { ...common, name: 'alone', include: ALONE } },
      // One worker runs many files and loads modules, atlases and stores once for all of them: nothing that is imported may be changed.
      { test: { ...common, name: 'together', include: ['tests/**/*.test.ts'], exclude: ALONE, isolate: false } },
    ],
  },
})
