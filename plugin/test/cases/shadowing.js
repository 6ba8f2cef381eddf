// Blocks next to each other and within each other may use one name for different variables.
const outer = 'module'
function shadows(a) {
  const log = []
  { let x = 1; { let x = 2; log.push(x); x = 3 } log.push(x) }
  { const x = 4; log.push(x) }
  { let a = 5; log.push(a); a++ }
  log.push(a, outer)
  { const outer = 'block'; log.push(outer) }
  try { throw 1 } catch (x) { { let x = 6; log.push(x) } log.push(x) }
  for (const x of [7]) { const x = 8; log.push(x) }
  log.push(typeof x, (() => { const a = 9; { const a = 10; log.push(a) } return a })())
  { let undefined = 11; log.push(undefined) }
  return log
}
is(shadows('p'), [2, 1, 4, 5, 'p', 'module', 'block', 6, 1, 8, 10, 'undefined', 9, 11])
