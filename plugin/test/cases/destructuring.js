// Patterns take the same things in the same order, with the same defaults, names and errors.
function take(log) {
  const source = { get a() { log.push('a'); return undefined }, get b() { log.push('b'); return [1, , 3] }, c: 4, d: 5 }
  const { a = (log.push('default'), 2), b: [x, y = x + 1, ...z], ['c']: w, ...rest } = source
  let [first, , third = () => {}] = 'xy'
  for (const { length, [length - 1]: last } of ['one', 'two!']) log.push(last)
  for (let [k, v] of new Map([[1, 2]])) { log.push(k + v); setTimeout(() => k) }
  return [a, x, y, z, w, rest, first, typeof third, log]
}
is(take([]), [2, 1, 2, [3], 4, { d: 5 }, 'x', 'function', ['a', 'default', 'b', 'e', '!', 3]])
function closes() {
  const log = []
  const iterable = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }), return: () => (log.push('closed'), {}) }) }
  const [one] = iterable
  for (const n of iterable) { const m = n; log.push(m); break }
  return [one, ...log]
}
is(closes(), [1, 'closed', 1, 'closed'])
function fails(value) { const { a } = value; return a }
try { fails(null) } catch (error) { is(error.message, "Cannot destructure property 'a' of 'value' as it is null.") }
function withoutName({ message }) { return message.replace(/^\w+/, '') }
function message(list) { for (const n of [1]) { try { const [a] = list; const b = n; setTimeout(() => a + b) } catch (error) { return withoutName(error) } } }
// The same declaration in code that is not instrumented: engines word it differently.
const plain = (0, eval)('(list) => { const [a] = list }')
function plainMessage(list) { try { plain(list) } catch (error) { return withoutName(error) } }
is(message(undefined), plainMessage(undefined))
is(message(5), plainMessage(5))
