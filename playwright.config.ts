import { defineConfig } from '@playwright/test'
import { wantedEngines } from './e2e/engines.mjs'

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  globalSetup: './e2e/setup.ts',
  outputDir: 'test-results/traces',
  projects: wantedEngines().map(name => ({ name })),
  fullyParallel: false,
  workers: 2,
  retries: 1, // three real browsers on two busy cores; what needed it is told as flaky, and is to be mended
  forbidOnly: !!process.env.CI,
  timeout: 45_000, // above the sum of a few of the 15 s limits in e2e/, which know what was waited for
  reporter: [['list'], ['./e2e/table-reporter.ts'], ['json', { outputFile: 'test-results/e2e.json' }]],
})
