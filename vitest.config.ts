import { defineConfig } from 'vitest/config'

// Node runs the TypeScript itself, as in production: vite would load a second copy of graphql-js, which refuses to mix.
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    experimental: { viteModuleRunner: false },
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})
