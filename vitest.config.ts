import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**', 'node_modules/**'],
    setupFiles: ['tests/support/fixed-seed.ts'],
    testTimeout: 120_000,
    maxWorkers: 2,
  },
})
