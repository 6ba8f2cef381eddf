// A name used before its declaration throws as it did, directly, through closures and in loops.
function attempt(f) {
  try {
    return f()
  } catch (error) {
    return `${error.name}: ${error.message}`
  }
}
const dead = name => `ReferenceError: Cannot access '${name}' before initialization`
is(attempt(function () { use(x); const x = 1; return x }), dead('x'))
is(attempt(function () { const f = () => x; f(); let x = 1; return x }), dead('x'))
is(attempt(function () { return g(); const x = 1; function g() { return x } }), dead('x'))
is(attempt(function () { return h(); const x = 1; function g() { return x } function h() { return g() } }), dead('x'))
is(attempt(function () { const x = 1; return h(); function g() { return x } function h() { return g() } }), 1)
is(attempt(function () { const x = (() => x)(); return x }), dead('x'))
is(attempt(function () { const x = n => (n ? x(n - 1) : 'end'); return x(3) }), 'end')
is(attempt(function () { for (const x of [x]) use(x) }), dead('x'))
is(attempt(function () { const { a = b, b } = {}; return a }), dead('b'))
is(attempt(function () { const { a, b = a } = { a: 2 }; return b }), 2)
is(attempt(function () { typeof x; let x }), dead('x'))
function use() {}
// not for minifiers: they take it that no program does this
// In the second turn the closure of the first one still sees its own x.
is(attempt(function () { let seen; const all = []; for (const turn of [1, 2]) { if (seen) all.push(seen()); const x = turn; seen = () => x } return all }), [1])
is(attempt(function () { for (const turn of [1, 2]) { if (turn === 2) g(); const x = turn; function g() { return x } } }), dead('x'))
