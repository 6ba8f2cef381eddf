import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// A share of `npm run locals-programs`, in a process of its own: the programs leave rejections unhandled.
test('generated programs do the same instrumented as not', { timeout: 120_000 }, () => {
  const script = fileURLToPath(new URL('./programs/check.mjs', import.meta.url))
  const output = execFileSync(process.execPath, [script, '--programs', '250', '--seed', '2026'], {
    encoding: 'utf8',
  })
  expect(output).toMatch(/\n250 passed, 0 failed\n$/)
})
