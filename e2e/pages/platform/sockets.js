'use strict'

const socketUrl = location.origin.replace('http', 'ws') + '/tea'

behaviours.WebSocket = {
  'is the same kind of function': note => {
    noteShape(note, self, 'WebSocket')
    note(WebSocket.CONNECTING, WebSocket.OPEN, WebSocket.CLOSING, WebSocket.CLOSED)
    note('constructor', WebSocket.prototype.constructor === WebSocket)
    note(
      'heir of',
      Object.getPrototypeOf(WebSocket) === EventTarget,
      Reflect.ownKeys(WebSocket.prototype).map(String),
    )
  },

  'is constructed as before': note => {
    const calls = {
      'without new': () => WebSocket(socketUrl),
      'no arguments': () => new WebSocket(),
      'a bad URL': () => new WebSocket('tea:// '),
      'a fragment': () => new WebSocket(`${socketUrl}#leaf`),
      'a bad protocol': () => new WebSocket(socketUrl, ['a b']),
      'the same protocol twice': () => new WebSocket(socketUrl, ['a', 'a']),
      Reflect: () => Reflect.construct(WebSocket, [socketUrl]),
      'another new.target': () => Reflect.construct(WebSocket, [socketUrl], Event) instanceof Event,
    }
    for (const [name, call] of Object.entries(calls)) note(name, outcome(call))
    let strings = 0
    note(
      outcome(() => new WebSocket({ toString: () => (strings++, socketUrl) })),
      strings,
    )
  },

  'makes the same objects': note => {
    class TeaSocket extends WebSocket {}
    for (const Socket of [WebSocket, TeaSocket]) {
      const socket = new Socket(socketUrl, ['tea'])
      note(socket instanceof WebSocket, socket instanceof Socket, tell(socket))
      note('constructor', socket.constructor === Socket)
      note(Object.getPrototypeOf(socket) === Socket.prototype, Reflect.ownKeys(socket).map(String))
      note(socket.url === socketUrl, socket.readyState, socket.protocol, socket.binaryType, socket.onclose)
      socket.close()
    }
  },

  'fires its events in order': async note => {
    const socket = new WebSocket(socketUrl)
    for (const type of ['open', 'message', 'error', 'close']) {
      socket.addEventListener(type, event => note(type, socket.readyState, event.code, event.wasClean))
      socket[`on${type}`] = event => note(`on${type}`, event.eventPhase)
    }
    await happens('close', socket)
    note(
      outcome(() => socket.send('tea')),
      outcome(() => socket.close(1)),
    )
  },

  'is untouched in frames': note => noteShape(note, addFrame(), 'WebSocket'),
}
