// Whatever is thrown arrives, the very same, however strange it is.
const traps = []
const trap = name => () => (traps.push(name), undefined)
const hostile = new Proxy(Object.freeze({}), { get: trap('get'), has: trap('has'), getPrototypeOf: () => (traps.push('getPrototypeOf'), null), getOwnPropertyDescriptor: trap('descriptor') })
const { proxy, revoke } = Proxy.revocable({}, {})
revoke()
const values = [undefined, null, 0, NaN, -0, '', 'text', 5n, Symbol.iterator, hostile, proxy, Object.freeze(new Error('frozen')), () => {}, [1], Promise.resolve(1)]
function throws(value) { const held = value; throw held }
function passes(value) { const also = [value]; return throws(also[0]) }
const arrived = values.map(value => { try { passes(value) } catch (caught) { return Object.is(caught, value) } })
is(arrived, values.map(() => true))
is(traps, typeof Error.isError === 'function' ? [] : traps)
