import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'collector/test/**/*.test.ts', 'plugin/test/**/*.test.ts'],
    environment: 'node',
    maxWorkers: 2, // also on two cores, where one is the default: most files wait for processes of their own
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 20_000, // above the sum of a few of the limits in tests that wait for a fact
  },
})
