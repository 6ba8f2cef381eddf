'use strict'

/** With methods of the page under ohnoes: the engine's own would look at what they are given. */
async function withSilentConsole(use) {
  stop()
  const { warn, error } = console
  console.warn = console.error = () => {}
  start()
  await use()
  stop()
  Object.assign(console, { warn, error })
  start()
}

behaviours.console = {
  'has the same functions': note => {
    for (const name of ['warn', 'error', 'log']) noteShape(note, console, name)
    note(Reflect.ownKeys(console).map(String))
    note(tell(console), Object.getPrototypeOf(console) == Object.prototype)
  },

  'takes any receiver and any arguments': note => {
    const { warn, error } = console
    const calls = {
      'no receiver': () => warn('tea'),
      null: () => error.call(null, 'tea'),
      'an object': () => warn.call({}, 'tea'),
      bound: () => error.bind(console, 'a')('b'),
      'no arguments': () => console.warn(),
      'many arguments': () => console.warn(...Array(500).fill('tea')),
      'a format': () => console.error('%s %d %o %c', 'tea', 2, {}, 'color: red', 'more'),
      'a symbol': () => console.warn(Symbol('tea')),
      'null and undefined': () => console.warn(null, undefined),
      'a cycle': () => {
        const cycle = {}
        cycle.cycle = [cycle]
        console.warn(cycle)
      },
      'a frame': () => console.warn(addFrame(), document.body),
      'a revoked Proxy': () => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        console.warn(proxy)
      },
      'no prototype': () => console.warn(Object.create(null)),
    }
    for (const [name, call] of Object.entries(calls)) note(name, outcome(call))
  },

  'runs no code of what it is given': async note => {
    const read = []
    const object = telltale({ message: 'tea', name: 'tea', toJSON: null, length: 3, nodeType: 1 }, read)
    object.toString = object[Symbol.toPrimitive] = () => read.push('toString')
    const list = telltale({ 0: 'tea', 1: 'green' }, read)
    await withSilentConsole(() => {
      console.warn(object, [object], { object })
      console.warn(Object.defineProperties([1, 2], Object.getOwnPropertyDescriptors(list)))
      console.error('%s', object, new Map([[object, object]]), new Proxy(object, {}))
    })
    note('an object', read)
  },

  'asks nothing of what it is given': async note => {
    const read = []
    const tagged = Object.defineProperty({}, Symbol.toStringTag, { get: () => read.push('its tag') })
    const thrown = Object.defineProperties(new Error('tea'), {
      message: { get: () => read.push('its message') },
      name: { get: () => read.push('its name') },
    })
    const trapped = traced({ tea: 'green' }, read)
    for (const [what, value] of Object.entries({ tagged, thrown, trapped })) {
      await withSilentConsole(() => console.warn(value))
      note(what, [...new Set(read.splice(0))])
    }
  },

  'is untouched in frames': note => noteShape(note, addFrame().console, 'warn'),
}
