// Functions in blocks of sloppy code are seen outside of them from where they stand on.
function annexB(flag) {
  const log = [typeof g]
  if (flag) {
    log.push(g())
    function g() { return 1 }
    g = 2
    log.push(g)
  }
  log.push(typeof g)
  { let h = 3; { function h() {} } log.push(h) }
  log.push(typeof h)
  for (const turn of [1, 2]) { function each() { return turn } log.push(each()) }
  log.push(each())
  switch (flag) { case true: function s() { return 'switch' } }
  return [...log, s()]
}
is(annexB(true), ['undefined', 1, 2, 'function', 3, 'undefined', 1, 2, 2, 'switch'])
function strict() {
  'use strict'
  const log = []
  { log.push(g()); function g() { return 1 } }
  return [...log, typeof g]
}
is(strict(), [1, 'undefined'])
function inIf(flag) { let g = 1; if (flag) function g() { return 2 } const h = g; if (flag) function k() { return 3 } return [typeof g, h, typeof k] }
is([inIf(true), inIf(false)], [['number', 1, 'function'], ['number', 1, 'undefined']])
function own() { const f = function g() { return typeof g }; { let g = 4; use(g) } const g = 5; return [f(), g]; function use() {} }
is(own(), ['function', 5])
