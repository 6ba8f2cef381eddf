// A page that patches the same functions itself, before ohnoes or after it.
'use strict'

const PATCHABLE = {
  fetch: { holder: self, use: async () => (await fetch('/echo', { method: 'PUT' })).status },
  open: {
    holder: XMLHttpRequest.prototype,
    use: async () => {
      const xhr = new XMLHttpRequest()
      await send(xhr, '/echo', 'tea', 'PUT')
      return xhr.status
    },
  },
  pushState: {
    holder: History.prototype,
    use: () => outcome(() => history.pushState(1, '', `#${Math.random()}`)),
  },
  warn: { holder: console, use: () => outcome(() => console.warn('tea', 2)) },
}

/** Does the steps with one function, and says who is there at the end. */
async function inOrder(note, name, steps) {
  const { holder, use } = PATCHABLE[name]
  stop()
  const native = holder[name]
  let saved
  const doStep = {
    start,
    close: stop,
    use: async () => note(name, 'used:', await use()),
    patch() {
      saved = holder[name]
      const below = saved
      holder[name] = function (...args) {
        note(name, 'heard of:', args.length, tell(this))
        return below.apply(this, args)
      }
    },
    unpatch: () => (holder[name] = saved),
  }
  for (const step of steps) await doStep[step]()
  stop()
  note(name, holder[name] == native ? 'is native' : 'is another', await use())
  holder[name] = native
  start()
}

behaviours.order = {}
for (const steps of [
  'patch start use close use',
  'start patch use close use',
  'start patch use close unpatch use',
  'start patch use unpatch use close use',
  'start close patch use',
  'patch start use unpatch use close use',
  'patch start close start use close unpatch use',
  'start patch close start use close use',
])
  behaviours.order[steps] = async note => {
    for (const name of Object.keys(PATCHABLE)) await inOrder(note, name, steps.split(' '))
  }

/** With a fetch of the page under ohnoes. */
async function withFetch(own, use) {
  stop()
  const native = self.fetch
  self.fetch = own
  start()
  await use()
  stop()
  self.fetch = native
  start()
}

const hostile = {
  get(_target, key) {
    if (key == 'then') return undefined
    throw new RangeError(`read ${String(key)}`)
  },
}

class Cancelable extends Promise {
  cancel() {
    return 'canceled'
  }
}

behaviours.fetches = {
  'pass on receiver, arguments and result': async note => {
    const given = [{ tea: 'green' }, { method: 'PUT' }, 'more']
    const result = Promise.resolve('answer')
    const own = function (...args) {
      note(
        tell(this),
        args.length,
        args.every((arg, i) => arg === given[i]),
      )
      return result
    }
    await withFetch(own, async () => {
      note(await fetch(...given))
      note(await fetch.call(given[0], ...given))
      note(await fetch.apply(undefined, given))
    })
  },

  'pass on what they throw, give back and reject with': async note => {
    const owns = {
      throws: () => {
        throw new RangeError('thrown at once')
      },
      nothing: () => {},
      number: () => 1,
      null: () => null,
      rejects: () => Promise.reject(null),
      'no response': () => Promise.resolve(),
      'other value': () => Promise.resolve({ status: 200 }),
      'hostile value': () => Promise.resolve(new Proxy({}, hostile)),
      thenable: () => ({ then: resolve => resolve('from a thenable') }),
      'then throws': () => ({
        get then() {
          throw new RangeError('from a getter')
        },
      }),
    }
    for (const [name, own] of Object.entries(owns))
      await withFetch(own, async () =>
        note(
          name,
          await settled(async () => fetch('/tea')),
          outcome(() => fetch('/tea')),
        ),
      )
  },

  'keep the kind of promise and its properties': async note => {
    const own = () => Object.assign(Cancelable.resolve('answer'), { abort: () => 'aborted' })
    await withFetch(own, async () => {
      const promise = fetch('/tea')
      note(
        'class',
        promise instanceof Cancelable,
        outcome(() => promise.cancel()),
      )
      note('own', Reflect.ownKeys(promise))
      note(await promise)
    })
  },

  'answer as soon': async note => {
    await withFetch(
      () => Promise.resolve('answer'),
      async () => {
        let ticks = 0
        let isOver = false
        fetch('/tea').then(() => (isOver = true))
        for (; !isOver; ticks++) await null
        note('microtasks', ticks)
      },
    )
  },

  'are called as often as the page calls': async note => {
    let calls = 0
    const own = () => {
      calls++
      return Promise.resolve(new Response('tea'))
    }
    await withFetch(own, async () => {
      for (let i = 0; i < 10; i++) await fetch('/tea')
      note(calls)
    })
  },
}
