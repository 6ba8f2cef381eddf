import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'collector/test/**/*.test.ts', 'plugin/test/**/*.test.ts'],
    environment: 'node',
  },
})
