'use strict'

/** Opens, sends, and resolves when it is over. */
function send(xhr, url, body = null, method = 'POST') {
  const isOver = happens('loadend', xhr)
  xhr.open(method, url)
  xhr.send(body)
  return isOver
}

behaviours.XMLHttpRequest = {
  'has the same functions': note => {
    for (const name of ['open', 'send', 'abort', 'setRequestHeader'])
      noteShape(note, XMLHttpRequest.prototype, name)
    noteShape(note, self, 'XMLHttpRequest')
    note(Reflect.ownKeys(XMLHttpRequest.prototype).map(String))
    note(Reflect.ownKeys(XMLHttpRequestEventTarget.prototype).map(String))
  },

  'opens what can be opened': note => {
    const { open } = XMLHttpRequest.prototype
    const xhr = new XMLHttpRequest()
    const calls = {
      'no receiver': () => open('GET', '/echo'),
      null: () => open.call(null, 'GET', '/echo'),
      'an object': () => open.call({}, 'GET', '/echo'),
      'its prototype': () => XMLHttpRequest.prototype.open('GET', '/echo'),
      'a heir': () => Object.create(xhr).open('GET', '/echo'),
      'no arguments': () => xhr.open(),
      'one argument': () => xhr.open('GET'),
      'two arguments': () => xhr.open('GET', '/echo'),
      'a bad method': () => xhr.open('CON NECT', '/echo'),
      'a forbidden method': () => xhr.open('TRACE', '/echo'),
      'a bad URL': () => xhr.open('GET', 'http://:::'),
      'a symbol': () => xhr.open('GET', Symbol('tea')),
      bound: () => open.bind(xhr, 'GET')('/echo'),
      'applied to a frame': () =>
        open.call(new (addFrame().XMLHttpRequest)(), 'GET', `${location.origin}/echo`),
    }
    for (const [name, call] of Object.entries(calls)) note(name, outcome(call), xhr.readyState)
    note(Reflect.ownKeys(xhr).length, Object.keys(xhr).length)
  },

  'reads its arguments once and in order': async note => {
    const read = []
    const argument = (name, value) => ({
      toString() {
        read.push(name)
        return value
      },
    })
    const xhr = new XMLHttpRequest()
    const isOver = happens('loadend', xhr)
    const credentials = [argument('user', 'me'), argument('password', 'tea')]
    xhr.open(argument('method', 'POST'), argument('url', '/echo'), true, ...credentials)
    note(read)
    xhr.send(argument('body', 'tea'))
    await isOver
    note(read, xhr.status)
    for (const async of [[], [undefined], [false], [null], [0], [true]]) {
      const another = new XMLHttpRequest()
      another.open('GET', '/echo', ...async)
      note(
        async.map(tell),
        outcome(() => (another.timeout = 1)),
      )
    }
  },

  'throws where it is not ready': note => {
    const xhr = new XMLHttpRequest()
    note(
      'send',
      outcome(() => xhr.send()),
    )
    note(
      'header',
      outcome(() => xhr.setRequestHeader('a', 'b')),
    )
    xhr.open('POST', '/never')
    note(
      'bad header',
      outcome(() => xhr.setRequestHeader('a b', 'c')),
    )
    xhr.send('tea')
    note(
      'send twice',
      outcome(() => xhr.send('tea')),
    )
    note(
      'header after',
      outcome(() => xhr.setRequestHeader('a', 'b')),
    )
    note(
      'credentials',
      outcome(() => (xhr.withCredentials = true)),
    )
    xhr.abort()
    note(xhr.readyState, xhr.status)
    note(
      'after abort',
      outcome(() => xhr.send()),
    )
  },

  'has a response of each type': async note => {
    for (const type of ['', 'text', 'json', 'arraybuffer', 'blob', 'document']) {
      const xhr = new XMLHttpRequest()
      xhr.responseType = type
      await send(xhr, '/json')
      note(type, tell(xhr.response), JSON.stringify(xhr.response))
      note(
        outcome(() => xhr.responseText),
        outcome(() => xhr.responseXML),
      )
    }
    const xhr = new XMLHttpRequest()
    xhr.overrideMimeType('text/xml')
    await send(xhr, '/xml')
    note(tell(xhr.responseXML), xhr.responseXML?.documentElement.nodeName)
  },

  'tells of the response': async note => {
    const xhr = new XMLHttpRequest()
    await send(xhr, '/redirect?tea')
    note(xhr.responseURL.replace(location.origin, ''), xhr.statusText, xhr.getResponseHeader('X-Tea'))
    note(xhr.getAllResponseHeaders().replace(/^date:.*$/im, 'date'))
  },

  'sends what it was told, and nothing else': async note => {
    const xhr = new XMLHttpRequest()
    await send(xhr, '/echo', new URLSearchParams({ tea: 'green' }))
    note(xhr.responseText)
    await send(xhr, `${otherOrigin}/open`, 'simple')
    note(xhr.responseText, await (await fetch('/preflights')).text())
  },

  'can be subclassed and patched by instance': async note => {
    class TeaRequest extends XMLHttpRequest {
      #opened = 0
      open(...args) {
        note('open of the class', args.length, new.target)
        this.#opened++
        return super.open(...args)
      }
      get opened() {
        return this.#opened
      }
    }
    const xhr = new TeaRequest()
    await send(xhr, '/echo', 'tea')
    note(xhr.opened, xhr.status, xhr instanceof XMLHttpRequest, tell(xhr))
    const other = new XMLHttpRequest()
    other.open = function (...args) {
      note('own open', args.length)
      return XMLHttpRequest.prototype.open.apply(this, args)
    }
    await send(other, '/echo', 'tea')
    note(other.status, Reflect.ownKeys(other))
  },

  'is untouched in frames': async note => {
    const frame = addFrame()
    noteShape(note, frame.XMLHttpRequest.prototype, 'open')
    const xhr = new frame.XMLHttpRequest()
    await send(xhr, `${location.origin}/echo`, 'tea')
    note(xhr.status)
  },
}
