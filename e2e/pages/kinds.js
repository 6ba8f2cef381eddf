// Everything that can go wrong in a page, one entry a kind. `?kind=` chooses one, the test clicks `go`.
// The line that an engine should point to ends with the comment `@` and the kind's name.
'use strict'

const kind = new URLSearchParams(location.search).get('kind')
const other = document.documentElement.dataset.otherOrigin

class CheckoutError extends Error {
  name = 'CheckoutError'
  step = 3
  cart = { items: ['tea', 'cup'], total: 12.5, token: 'secret' }
  get late() {
    throw new Error('a getter was invoked')
  }
}

function deep(n) {
  return deep(n + 1) + 1 // @too much recursion
}

function load(tag, attributes) {
  document.head.append(Object.assign(document.createElement(tag), attributes))
}

function chain(length) {
  let error
  for (let n = length; n > 0; n--) error = new Error('link ' + n, { cause: error })
  return error
}

const kinds = {
  timer() {
    setTimeout(() => {
      throw new Error('in a timer') // @timer
    })
  },
  'animation frame'() {
    requestAnimationFrame(() => {
      throw new Error('in a frame') // @animation frame
    })
  },
  microtask() {
    queueMicrotask(() => {
      throw new Error('in a microtask') // @microtask
    })
  },
  'event handler'() {
    throw new Error('in a handler') // @event handler
  },
  'handler attribute'() {
    const button = document.createElement('button')
    button.setAttribute('onclick', 'throw new Error("in an attribute")')
    document.body.append(button)
    button.click()
  },
  'rejected async function'() {
    ;(async () => {
      await null
      throw new Error('in async') // @rejected async function
    })()
  },
  'rejected promise'() {
    Promise.reject(new Error('rejected')) // @rejected promise
  },
  'thrown in then'() {
    Promise.resolve().then(() => {
      throw new RangeError('in then') // @thrown in then
    })
  },
  'classic script'() {
    load('script', { src: 'kinds/classic.js' })
  },
  'module script'() {
    load('script', { src: 'kinds/module.js', type: 'module' })
  },
  'inline script'() {
    load('script', { textContent: 'throw new Error("inline")' })
  },
  'script with a syntax error'() {
    load('script', { src: 'kinds/syntax.js' })
  },
  'missing dynamic import'() {
    import('./kinds/missing.js')
  },
  eval() {
    eval('throw new Error("evaluated")') // @eval
  },
  'new Function'() {
    new Function('throw new Error("made")')() // @new Function
  },
  'TypeError of the engine'() {
    kinds.missing.property // @TypeError of the engine
  },
  'ReferenceError of the engine'() {
    missingVariable // @ReferenceError of the engine
  },
  'too much recursion'() {
    deep(0)
  },
  'JSON.parse'() {
    JSON.parse('{') // @JSON.parse
  },
  decodeURI() {
    decodeURIComponent('%') // @decodeURI
  },
  'WebAssembly trap'() {
    // (func (export "f") unreachable)
    const code = [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0,
      11,
    ]
    new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(code))).exports.f() // @WebAssembly trap
  },
  'DOMException of the engine'() {
    document.querySelector('!') // @DOMException of the engine
  },
  'rejected DOMException'() {
    Promise.reject(new DOMException('stopped', 'AbortError')) // @rejected DOMException
  },
  'aborted fetch'() {
    const abort = new AbortController()
    fetch('kinds/classic.js', { signal: abort.signal })
    abort.abort()
  },
  'failed fetch'() {
    fetch('http://127.0.0.1:1/')
  },
  'script of another origin'() {
    load('script', { src: other + '/kinds/classic.js' })
  },
  'script of another origin with CORS'() {
    load('script', {
      src: other + '/kinds/classic.js?header=Access-Control-Allow-Origin:*',
      crossOrigin: 'anonymous',
    })
  },
  'failed script'() {
    load('script', { src: 'kinds/missing.js?token=secret', id: 'lost' })
  },
  'failed stylesheet'() {
    load('link', { rel: 'stylesheet', href: 'kinds/missing.css' })
  },
  'failed image'() {
    load('img', { src: 'kinds/missing.png', onerror: () => (document.title = 'failed') })
  },
  'failed video'() {
    load('video', { src: 'kinds/missing.mp4', onerror: () => (document.title = 'failed') })
  },
  'error with own properties'() {
    throw new CheckoutError('no stock') // @error with own properties
  },
  'error of another realm'() {
    const frame = document.createElement('iframe')
    document.body.append(frame)
    throw new frame.contentWindow.TypeError('foreign') // @error of another realm
  },
  'frozen error'() {
    throw Object.freeze(new Error('frozen')) // @frozen error
  },
  'error without a message'() {
    throw new Error() // @error without a message
  },
  'error with a message of many lines'() {
    throw new Error('first\n    at fake (https://evil.example/x.js:1:2)\nfake@https://evil.example/x.js:1:2') // @error with a message of many lines
  },
  'error with throwing getters'() {
    const error = new Error('hidden')
    for (const key of ['name', 'message', 'stack', 'cause', 'constructor'])
      Object.defineProperty(error, key, {
        get() {
          throw new Error('trap')
        },
      })
    throw error
  },
  'error with a toStringTag'() {
    throw Object.assign(new Error('tagged'), { [Symbol.toStringTag]: 'Custom' }) // @error with a toStringTag
  },
  cause() {
    try {
      kinds.missing.property
    } catch (error) {
      throw new Error('outer', { cause: error }) // @cause
    }
  },
  'cause that is a string'() {
    throw new Error('outer', { cause: 'a text' }) // @cause that is a string
  },
  'cyclic cause'() {
    const a = new Error('a') // @cyclic cause
    a.cause = new Error('b', { cause: a })
    throw a
  },
  'ten causes'() {
    throw chain(10)
  },
  AggregateError() {
    Promise.any([Promise.reject(new TypeError('one')), Promise.reject('two')])
  },
  SuppressedError() {
    const error = new TypeError('while disposing')
    const suppressed = new Error('before')
    throw typeof SuppressedError == 'function'
      ? new SuppressedError(error, suppressed, 'suppressed')
      : Object.assign(new Error('suppressed'), { name: 'SuppressedError', error, suppressed })
  },
  'revoked Proxy'() {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    throw proxy
  },
  'Proxy that throws'() {
    const trap = () => {
      throw new Error('trap')
    }
    throw new Proxy(
      {},
      { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap },
    )
  },
  object() {
    throw { code: 42, reason: 'x', password: 'secret' }
  },
  'frozen object'() {
    throw Object.freeze({ code: 1 })
  },
  'object with a message'() {
    throw { message: 'like an error', status: 500 }
  },
  'cyclic object'() {
    const cyclic = { name: 'loop' }
    cyclic.self = cyclic
    throw cyclic
  },
  array() {
    throw [1, 'two']
  },
  function() {
    throw function named() {}
  },
  element() {
    throw document.querySelector('#go')
  },
  'rejected event'() {
    new Promise((_, reject) => load('img', { src: 'kinds/missing.png', onerror: reject }))
  },
  string() {
    throw 'just a text'
  },
  'empty string'() {
    throw ''
  },
  number() {
    throw 0
  },
  NaN() {
    throw NaN
  },
  false() {
    throw false
  },
  null() {
    throw null
  },
  undefined() {
    throw undefined
  },
  symbol() {
    throw Symbol('sym')
  },
  bigint() {
    throw 7n
  },
  'rejected string'() {
    Promise.reject('just a text')
  },
  'rejected empty string'() {
    Promise.reject('')
  },
  'rejected zero'() {
    Promise.reject(0)
  },
  'rejected false'() {
    Promise.reject(false)
  },
  'rejected null'() {
    Promise.reject(null)
  },
  'rejected undefined'() {
    Promise.reject()
  },
  'ErrorEvent of the page'() {
    dispatchEvent(
      new ErrorEvent('error', {
        message: 'Uncaught TypeError: made up',
        filename: location.origin + '/app.js',
        lineno: 7,
        colno: 9,
      }),
    )
  },
  'caught and reported'() {
    try {
      throw new Error('caught') // @caught and reported
    } catch (error) {
      window.ohnoes ? ohnoes.captureException(error) : dispatchEvent(new ErrorEvent('error', { error }))
    }
  },
  'reported and thrown again'() {
    const error = new Error('again') // @reported and thrown again
    if (window.ohnoes) ohnoes.captureException(error)
    throw error
  },
}

document.querySelector('#go').addEventListener('click', () => kinds[kind]())
