// Measures what it costs to throw through functions and to catch, as they are and instrumented, in Node and in a page alike.

const PAIRS = 31
const RUNS = 3000

/**
 * In microseconds: medians, and the quartiles of what a frame costs more.
 * @param {string[]} codes the functions as they are, and instrumented
 * @param {() => number} nowMs
 */
export function costsOf(codes, nowMs) {
  const sides = codes.map(code => new Function(code)())
  const thrown = new Error('made before')
  const kinds = { 'new Error': () => new Error('made here'), 'one Error': () => thrown, string: () => 'text' }
  return Object.entries(kinds).flatMap(([kind, make]) =>
    [0, 1, 10].map(depth => {
      const timeOf = run => {
        const startMs = nowMs()
        for (let i = 0; i < RUNS; i++) run(make, depth)
        return ((nowMs() - startMs) / RUNS) * 1000
      }
      for (const run of sides) timeOf(run) // to be compiled
      const pairs = Array.from({ length: PAIRS }, () => sides.map(timeOf))
      const frames = depth + 1
      return {
        kind,
        frames,
        plain: quartilesOf(pairs.map(([before]) => before))[1],
        locals: quartilesOf(pairs.map(([, after]) => after))[1],
        more: quartilesOf(pairs.map(([before, after]) => (after - before) / frames)),
      }
    }),
  )
}

function quartilesOf(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return [0.25, 0.5, 0.75].map(part => sorted[Math.floor(sorted.length * part)])
}
