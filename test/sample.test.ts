import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keep, threshold } from '../src/sample.ts'

/** The table of docs/sampling.md, which other languages test themselves by. */
const vectors = [
  ...readFileSync(new URL('../docs/sampling.md', import.meta.url), 'utf8').matchAll(
    /^\| `([^`]*)` +\| `([^`]*)` +\| (\d+) +\|$/gm,
  ),
].map(([, session, fingerprint, numerator]) => [session!, fingerprint!, +numerator!] as const)

test('there are published vectors', () => expect(vectors.length).toBeGreaterThan(7))

test.each(vectors)('the threshold of %j and %j is %d / 2³²', (session, fingerprint, numerator) => {
  expect(threshold(session, fingerprint)).toBe(numerator / 2 ** 32)
})

test('a rate of 0 keeps nothing, a rate of 1 everything', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (s, f) => !keep(s, f, 0) && keep(s, f, 1)))
})

test('a rate is exact to the last bit of the hash: its own threshold is out, the next value is in', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (s, f) => {
      const u = threshold(s, f)
      return !keep(s, f, u) && keep(s, f, u + 2 ** -32)
    }),
  )
})

test('what a rate keeps, every higher one keeps', () => {
  const rate = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.string(), fc.string(), rate, rate, (s, f, a, b) => {
      return !keep(s, f, Math.min(a, b)) || keep(s, f, Math.max(a, b))
    }),
  )
})
