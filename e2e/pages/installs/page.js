// The page's own code, the same under every install and without any: handlers that note what they see, and things
// that go wrong.
'use strict'

// Handler by handler, what the page sees.
const seen = []
// When each thing happened, by the page's own clock.
const times = {}
// `line:column` of each error, by its own stack, or by its event where it has no stack.
const places = {}

const target = new EventTarget()
/** Reported by the engine like any uncaught error, before this returns. */
const throwNow = error => {
  target.addEventListener(
    'go',
    () => {
      throw error
    },
    { once: true },
  )
  target.dispatchEvent(new Event('go'))
}
const nameOf = message => (/(early|late|rejected)[a-z ]*$/.exec(message) || [message])[0]
const placeOf = ({ error, reason = error, lineno, colno }) =>
  reason && reason.stack
    ? /:(\d+:\d+)\)?$/m.exec(reason.stack.replace(String(reason), ''))[1]
    : lineno
      ? lineno + ':' + colno
      : 'none'

/** Handlers of every kind. `window.onerror` and `onunhandledrejection` are assigned anew by each call. */
function watch(when) {
  const note = handler => event => {
    const { type, message, filename, lineno, colno, error, reason = error } = event
    const { cancelable, defaultPrevented, eventPhase, isTrusted } = event
    const name = nameOf(message || (reason && reason.message))
    places[name] = places[name] || placeOf(event)
    times[name] = times[name] || Date.now()
    seen.push([
      `${handler} ${when}: ${type}`,
      { message, filename, lineno, colno, thrown: String(reason), isWindow: event.target === window },
      { cancelable, defaultPrevented, eventPhase, isTrusted },
    ])
    if (/prevented/.test(name)) event.preventDefault()
  }
  addEventListener('error', note('capture'), true)
  addEventListener('error', note('listener'))
  addEventListener('unhandledrejection', note('capture'), true)
  addEventListener('unhandledrejection', note('listener'))
  window.onunhandledrejection = note('property')
  window.onerror = (...args) => {
    seen.push([`property ${when}: error`, ...args.map(String)])
    return /handled by onerror/.test(args[0])
  }
}

/** What goes wrong while the bundle is on its way, or in a page that has it from the start. */
function early() {
  throwNow(new TypeError('early error'))
  throwNow('early text')
  // As some engines report what other tools throw: no error object, but a place.
  const place = { filename: location.origin + '/elsewhere.js', lineno: 12, colno: 34 }
  dispatchEvent(new ErrorEvent('error', { message: 'early and bare', ...place, cancelable: true }))
  Promise.reject(new RangeError('early rejection'))
  throwNow(new Error('early and prevented'))
  throwNow(new Error('early and handled by onerror'))
  Promise.reject(new Error('rejected and prevented'))
}

/** Calls of the API that come at the same time. */
function earlyCalls() {
  const error = new EvalError('early call')
  places['early call'] = placeOf({ error })
  times['early call'] = Date.now()
  ohnoes.captureException(error)
  ohnoes.setTag('stage', 'early')
  times['early message'] = Date.now()
  ohnoes.captureMessage('early message', 'warning')
}

/** Two more, when everything is loaded. */
function late() {
  throwNow(new TypeError('late error'))
  Promise.reject(new RangeError('late rejection'))
}

watch('first')
