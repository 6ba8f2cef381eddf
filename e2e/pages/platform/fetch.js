// What goes into fetch.
'use strict'

behaviours.fetch = {
  'is the same kind of function': note => noteShape(note, self, 'fetch'),

  'takes the receivers that it takes': async note => {
    const bound = { window: fetch.bind(self), null: fetch.bind(null), object: fetch.bind({}) }
    const unbound = fetch
    const calls = {
      'no receiver': () => unbound('/echo'),
      'the window': () => self.fetch('/echo'),
      undefined: () => fetch.call(undefined, '/echo'),
      null: () => fetch.call(null, '/echo'),
      'an object': () => fetch.call({}, '/echo'),
      'a document': () => fetch.call(document, '/echo'),
      'a frame': () => fetch.call(addFrame(), '/echo'),
      'a method of an object': () => ({ fetch }).fetch('/echo'),
      'bound to the window': () => bound.window('/echo'),
      'bound to null': () => bound.null('/echo'),
      'bound to an object': () => bound.object('/echo'),
      Reflect: () => Reflect.apply(fetch, self, ['/echo']),
      'a primitive': () => fetch.call(1, '/echo'),
    }
    for (const [name, call] of Object.entries(calls)) note(name, await settled(call))
  },

  'rejects bad arguments, and never throws at once': async note => {
    const thrown = new RangeError('from a getter')
    const calls = {
      nothing: () => fetch(),
      'no URL': () => fetch('http://:::'),
      'a user in the URL': () => fetch(location.origin.replace('//', '//user:password@')),
      'an unknown scheme': () => fetch('gopher://tea'),
      'a symbol': () => fetch(Symbol('tea')),
      'a bad method': () => fetch('/echo', { method: 'CON NECT' }),
      'a forbidden method': () => fetch('/echo', { method: 'TRACE' }),
      'a GET with a body': () => fetch('/echo', { body: 'tea' }),
      'a bad mode': () => fetch('/echo', { mode: 'navigate' }),
      'a bad header': () => fetch('/echo', { headers: { 'a b': 'c' } }),
      'a stream without duplex': () => fetch('/echo', { method: 'POST', body: new ReadableStream() }),
      'an init that is none': () => fetch('/echo', 'tea'),
      'a throwing getter': () =>
        fetch('/echo', {
          get method() {
            throw thrown
          },
        }),
    }
    for (const [name, call] of Object.entries(calls)) note(name, await settled(call))
  },

  'gives a promise of the page': async note => {
    const promise = fetch('/echo')
    note(promise.constructor == Promise, Reflect.ownKeys(promise).length, Object.isExtensible(promise))
    note(tell(await promise), (await promise) === (await promise))
  },

  'sends what it was told, and nothing else': async note => {
    const form = new FormData()
    form.append('tea', new Blob(['leaves'], { type: 'text/tea' }), 'tea.txt')
    const bodies = {
      text: 'tea',
      form,
      search: new URLSearchParams({ tea: 'green' }),
      blob: new Blob(['tea'], { type: 'text/tea' }),
      bytes: new Uint8Array([116, 101, 97]),
    }
    for (const [name, body] of Object.entries(bodies)) {
      const response = await fetch(`/echo?${name}`, { method: 'POST', body, headers: { 'X-Cups': '2' } })
      // A form's boundary is random, and so is its length in Firefox 153.
      const boundary = /[-\w]*boundary[-\w=]*|-{4,}[-\w]+|(?<="content-length":")\d{3}/gi
      note((await response.text()).replace(boundary, 'boundary'))
    }
    note(await (await fetch(new URL('/echo?url', location))).text())
    note(await (await fetch(`${otherOrigin}/open`, { method: 'POST', body: 'simple' })).text())
    note(await (await fetch('/preflights')).text())
  },

  'reads dictionaries as often and in the same order': async note => {
    const read = []
    const values = {
      method: 'POST',
      headers: { a: 'b' },
      body: 'tea',
      referrer: '',
      mode: 'cors',
      cache: 'no-store',
    }
    const rest = { credentials: 'omit', redirect: 'follow', integrity: '', keepalive: false, signal: null }
    const unknown = { url: '/tea', href: '/tea', status: 1, window: null, priority: 'high', duplex: 'half' }
    await fetch('/echo', telltale({ ...values, ...rest, ...unknown, referrerPolicy: 'origin' }, read))
    note(read)
    const onPrototype = []
    await fetch('/echo', Object.create(telltale({ method: 'PUT', body: 'tea' }, onPrototype)))
    note(onPrototype)
  },

  'reads a URL that is an object once': async note => {
    const read = []
    const input = telltale({ url: '/tea', href: '/tea', method: 'PUT' }, read)
    input.toString = () => {
      read.push('toString')
      return '/echo'
    }
    note(await (await fetch(input)).text())
    note(read)
  },

  'does to a Proxy what it does': async note => {
    const done = []
    await fetch('/echo', traced({ method: 'POST' }, done))
    note(
      'reads',
      done.filter(what => what.startsWith('get ')),
    )
    note(
      'and',
      done.filter(what => !what.startsWith('get ')),
    )
  },

  'uses up a Request once': async note => {
    const request = new Request('/echo', { method: 'POST', body: 'tea' })
    const promise = fetch(request)
    note(request.bodyUsed)
    note(await (await promise).text())
    note(await settled(() => fetch(request)))
    note(await (await fetch(new Request('/echo', { method: 'POST' }), { body: 'from init' })).text())
  },

  'sends streams, or refuses them': async note => {
    let pulls = 0
    const body = new ReadableStream({
      pull(controller) {
        pulls++
        controller.enqueue(new TextEncoder().encode('tea'))
        controller.close()
      },
    })
    note(await settled(() => fetch('/echo', { method: 'POST', body, duplex: 'half' })), pulls, body.locked)
  },

  'is untouched in frames': async note => {
    const frame = addFrame()
    noteShape(note, frame, 'fetch')
    note(await (await frame.fetch(`${location.origin}/echo`)).text())
    note(frame.fetch('/echo') instanceof Promise)
  },
}
