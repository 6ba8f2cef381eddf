// What a `catch` declares, with and without a pattern, is its own.
function caught(e) {
  const log = []
  try { throw { code: 1, list: [2] } } catch ({ code, list: [one], none = code }) { const sum = code + one + none; log.push(sum); setTimeout(() => sum) }
  try { throw 5 } catch (e) { log.push(e); var v = e; e = 6; log.push(e) }
  try { throw 7 } catch { let e = 8; log.push(e) }
  return [...log, e, v]
}
is(caught('p'), [4, 5, 6, 8, 'p', 5])
