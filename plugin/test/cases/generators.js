// A generator yields, is thrown into and is ended as before; its `finally` runs and may override.
function* steps(log, n) {
  const start = n
  try {
    for (let i = 0; i < 3; i++) {
      const got = yield i + start
      log.push(got)
    }
  } catch (error) {
    const text = error.message
    yield text
  } finally {
    log.push('finally')
    if (n === 5) yield 'still here'
  }
  return yield* [7, 8]
}
function drive(n, ...calls) {
  const log = []
  const generator = steps(log, n)
  const results = calls.map(([name, value]) => { try { return generator[name](value) } catch (error) { return error.message } })
  return [results.map(r => (typeof r === 'string' ? r : [r.value, r.done])), log]
}
const u = undefined
is(drive(1, ['next'], ['next', 'a'], ['return', 'r'], ['next']), [[[1, false], [2, false], ['r', true], [u, true]], ['a', 'finally']])
is(drive(5, ['next'], ['return', 'r'], ['next'], ['next']), [[[5, false], ['still here', false], ['r', true], [u, true]], ['finally']])
is(drive(1, ['next'], ['throw', new Error('in')], ['next'], ['next']), [[[1, false], ['in', false], [7, false], [8, false]], ['finally']])
is(drive(1, ['throw', new Error('unstarted')], ['next']), [['unstarted', [u, true]], []])
is(drive(1, ['return', 4]), [[[4, true]], []])
