import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Node runs the TypeScript itself, as in production: vite would load a second copy of graphql-js, which refuses to mix.
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    experimental: { viteModuleRunner: false },
    // Many tests wait for a process of their own: a core left free for vitest is a core left idle.
    maxWorkers: availableParallelism(),
    // Only to end what hangs: the first that needs the store of the fixtures waits until it is made.
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
})
