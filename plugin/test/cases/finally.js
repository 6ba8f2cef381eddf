// `finally` overrides what was thrown or returned.
function overrides(mode) {
  const log = [mode]
  try {
    if (mode === 'return') return 'try'
    throw new Error(mode)
  } finally {
    const left = log.length
    if (mode !== 'throw') return ['finally', left]
  }
}
is(overrides('return'), ['finally', 1])
is(overrides('swallow'), ['finally', 1])
try { overrides('throw') } catch (error) { is(error.message, 'throw') }
function jumps() {
  const seen = []
  outer: for (const a of [1, 2, 3]) { try { if (a === 2) continue outer; if (a === 3) break outer; seen.push(a) } finally { seen.push('f' + a); setTimeout(() => a) } }
  return seen
}
is(jumps(), [1, 'f1', 'f2', 'f3'])
