// Lines that were statements of their own stay so.
function lines(x) {
  const log = []
  for (const turn of [1]) {
    let held
    ;[held] = [turn]
    const f = () => held
    {}[0]
    const g = () => { return turn }
    log.push(g())
    let late
    log.push(() => late)
    const made = () => {}
    (log)
    do { const w = x; log.push(() => w) } while (false) const after = 1
    log.push(after, f)
    let { length } = log, none
    +length
    log.push(() => [length, none, made])
  }
  for (let i = 0; i < 1; i++) { let a
    const arrow = () => {}
    log.push(a, arrow)
    a = 1 }
  { let b
    ++b
    log.push(b) }
  var h = function () { return 1 }
  log.push(h())
  return log.map(item => (typeof item === 'function' ? typeof item() : item)) }
is(lines(5), [1, 'undefined', 'number', 1, 'number', 'object', undefined, 'undefined', NaN, 1])
