// Declared functions are there from the start, the last of one name wins, and nothing around them runs together.
function hoisted(p) {
  const log = [early(), typeof p, p()]
  function early() { return 'first' }
  const x = 2
  function early() { return 'second' }
  log.push(reads())
  function reads() { return x }
  var v = 3
  function v() {}
  log.push(v)
  function p() { return 'parameter' }
  let end = log
  function last() {}
  ;(end || last)
  return late()
  function late() { return [...end, x] }
}
is(hoisted(1), ['second', 'function', 'parameter', 2, 3, 2])
function onlyFunctions() { function a() {} function b() {} }
is(onlyFunctions(), undefined)
function aliases(g) { return arguments[0] === g; function g() {} }
is(aliases(1), true)
function viaArguments(g) { try { arguments[0]() } catch (error) { return error.name } const x = 1; function g() { return x } }
is(viaArguments(1), 'ReferenceError')
function keepsClass() { try { use() } catch (error) { return error.name } class A {} function use() { return new A() } }
is(keepsClass(), 'ReferenceError')
