// A default may use parameters before it, and a closure in it does not see the body.
function defaults(a, b = a + 1, f = () => [a, b, typeof inner], { c = b, ...rest } = { d: 4 }) {
  var a
  const inner = 'body'
  const before = f()
  a = 'changed'
  return [before, f(), c, rest, inner, a]
}
is(defaults(1), [[1, 2, 'undefined'], [1, 2, 'undefined'], 2, { d: 4 }, 'body', 'changed'])
function fails(a = missing()) { const b = a; return b }
function missing() { throw new Error('in a default') }
try { fails() } catch (error) { is(error.message, 'in a default') }
is([defaults.length, fails.length], [1, 0])
let x = 'outer'
function sees(f = () => x) { let x = 'inner'; { let x = 'block'; f(x) } return f() + x }
is(sees(), 'outerinner')
