// What each of the apps does besides being an app: requests of every outcome, timers, and waiting for facts.

/** Says what a step did and when it is over; what it throws is the framework's to handle. */
export async function step(name, work) {
  say('step', name)
  await work()
  say('done', name)
}

/** The same for a step whose last act is to fail: it is over when the page has been told. */
export function failingStep(name, type) {
  say('step', name)
  happens(type).then(() => say('done', name))
}

/** Where the page is now, as the page and its history have it. */
export function sayPlace(text) {
  say('place', location.pathname + location.hash, history.length, history.state, text)
}

/** Resolves when the document has changed so that it is true. */
export function until(isTrue) {
  return new Promise(resolve => {
    const look = () => {
      if (!isTrue()) return
      observer.disconnect()
      resolve()
    }
    const observer = new MutationObserver(look)
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
    look()
  })
}

export function happens(type, target = window) {
  return new Promise(resolve => target.addEventListener(type, resolve, { once: true }))
}

export async function doNetwork() {
  await trial('fetch 200', () => fetch('/answer/tea'))
  await trial('fetch with a Request', () =>
    fetch(new Request('/answer/echo', { method: 'POST', body: 'a cup' })),
  )
  await trial('fetch 404', () => fetch('/answer/missing'))
  await trial('fetch without an answer', () => fetch('/answer/broken'))
  await trial('fetch of no URL', () => fetch('http://:::'))
  const early = AbortSignal.abort('changed my mind')
  await trial('fetch aborted before', () => fetch('/answer/tea', { signal: early }))
  const late = new AbortController()
  const waiting = trial('fetch aborted after', () => fetch('/answer/never', { signal: late.signal }))
  late.abort(new RangeError('took too long'))
  await waiting

  await request('XHR 200', '/answer/tea')
  await request('XHR 404', '/answer/missing')
  await request('XHR without an answer', '/answer/broken')
  await request('XHR aborted', '/answer/never', xhr => xhr.abort())
}

async function trial(name, work) {
  try {
    const response = await work()
    const { status, ok, type, redirected, bodyUsed } = response
    say(
      name,
      status,
      ok,
      type,
      redirected,
      bodyUsed,
      response.headers.get('content-type'),
      await response.text(),
    )
  } catch (error) {
    say(name, 'failed', error instanceof Error, `${error}`)
  }
}

const EVENTS = ['readystatechange', 'loadstart', 'load', 'error', 'abort', 'timeout', 'loadend']

async function request(name, url, afterwards = () => {}) {
  const xhr = new XMLHttpRequest()
  for (const type of EVENTS) {
    const heard = how => event => say(name, type, how, xhr.readyState, xhr.status, event.target === xhr)
    xhr.addEventListener(type, heard('listener'))
    xhr[`on${type}`] = heard('property')
  }
  const isOver = happens('loadend', xhr)
  xhr.open('POST', url)
  xhr.setRequestHeader('X-Cups', '2')
  xhr.send('a cup')
  afterwards(xhr)
  await isOver
  say(name, xhr.status, xhr.getResponseHeader('content-type'), xhr.responseText)
}

export async function doTimers() {
  const order = []
  await new Promise(resolve => {
    let ticks = 0
    const interval = setInterval(() => {
      order.push('interval')
      if (++ticks < 3) return
      clearInterval(interval)
      resolve()
    }, 1)
    clearTimeout(setTimeout(() => order.push('cleared'), 0))
    queueMicrotask(() => order.push('microtask'))
    Promise.resolve().then(() => order.push('promise'))
    order.push('synchronous')
  })
  await new Promise(requestAnimationFrame)
  await new Promise(resolve => setTimeout((a, b) => resolve(order.push(a + b)), 1, 'time', 'out'))
  console.warn('timers', order)
}
