// The arguments object and the parameters stay one in sloppy code, and two in strict code.
function sloppy(a, b) {
  arguments[0] = 'changed'
  b = 'set'
  const seen = [a, arguments[1], arguments.length]
  return seen
}
is(sloppy(1, 2, 3), ['changed', 'set', 3])
function strict(a, b) {
  'use strict'
  arguments[0] = 'changed'
  b = 'set'
  return [a, arguments[1], arguments.callee === undefined]
}
function safely(f) { try { return f() } catch (error) { return error.name } }
is(safely(() => strict(1, 2)), 'TypeError')
function shadowed() { { let arguments = 5; use(arguments) } return arguments.length; function use() {} }
is(shadowed(1, 2), 2)
function arrows() { return (() => { const all = arguments; return all[0] })() }
is(arrows(4), 4)
function withDefault(a, b = arguments[0]) { arguments[0] = 9; const x = a; return [x, b] }
is(withDefault(1), [1, 1])
