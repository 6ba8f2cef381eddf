// What comes out of fetch.
'use strict'

const aborted = reason => {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort(reason) }
}

behaviours.responses = {
  'gives the response whole': async note => {
    const response = await fetch('/missing?tea')
    const { status, statusText, ok, type, url, redirected, bodyUsed, body } = response
    note(status, statusText, ok, type, new URL(url).pathname, redirected, bodyUsed, body?.locked)
    note(response instanceof Response, Reflect.ownKeys(response).length)
    note(response.headers.get('content-type'), response.headers.get('content-length'))
    const copy = response.clone()
    note(await response.text(), response.bodyUsed, copy.bodyUsed)
    note(await settled(() => response.text()))
    note(tell(await copy.arrayBuffer()))
    for (const read of ['json', 'blob', 'formData']) {
      const another = await fetch('/missing')
      note(read, await settled(() => another[read]()))
    }
  },

  'follows redirects, or not': async note => {
    const response = await fetch('/redirect')
    note(response.redirected, new URL(response.url).pathname, response.status)
    note(await settled(() => fetch('/redirect', { redirect: 'error' })))
    const manual = await fetch('/redirect', { redirect: 'manual' })
    note(manual.type, manual.status, manual.url)
  },

  'crosses origins as it is allowed to': async note => {
    note(await settled(() => fetch(`${otherOrigin}/closed`)))
    const opaque = await fetch(`${otherOrigin}/closed`, { mode: 'no-cors' })
    note(opaque.type, opaque.status, opaque.url, [...opaque.headers].length, await opaque.text())
    note(await settled(() => fetch(`${otherOrigin}/closed`, { mode: 'same-origin' })))
    const open = await fetch(`${otherOrigin}/open`)
    note(
      open.type,
      open.status,
      [...open.headers].map(([name]) => name),
    )
  },

  'fetches data and blobs': async note => {
    note(await (await fetch('data:text/plain,tea')).text())
    const url = URL.createObjectURL(new Blob(['tea']))
    note(await (await fetch(url)).text())
    URL.revokeObjectURL(url)
    note(await settled(() => fetch(url)))
  },

  'resolves before the body is there': async note => {
    const reader = (await fetch('/parts')).body.getReader()
    const first = await reader.read()
    note(first.done, first.value[0])
    await fetch('/next-part')
    let rest = ''
    for (let part; !(part = await reader.read()).done;) rest += new TextDecoder().decode(part.value)
    note(rest.trim())
  },

  'aborts before, during and after': async note => {
    const reason = new RangeError('no more tea')
    for (const why of [undefined, reason, 'a text', null]) {
      const before = aborted(why)
      before.abort()
      const error = await fetch('/echo', before).catch(error => error)
      note('before', tell(error), error === before.signal.reason)

      const during = aborted(why)
      const waiting = fetch('/never', during).catch(error => error)
      during.abort()
      note('during', tell(await waiting), (await waiting) === during.signal.reason)
    }
    const after = aborted(reason)
    const response = await fetch('/parts', after)
    after.abort()
    note('after', response.ok, await response.text().catch(tell))
    const over = aborted()
    const text = await (await fetch('/echo', over)).text()
    over.abort()
    note('over', text.length > 0, over.signal.aborted)
    note('timeout', await settled(() => fetch('/never', { signal: AbortSignal.timeout(1) })))
  },

  'fires unhandledrejection once, with its own reason and promise': async note => {
    const events = []
    const hear = event => {
      events.push(event)
      event.preventDefault()
    }
    addEventListener('unhandledrejection', hear)
    const promise = fetch('/broken')
    const { reason } = await happens('unhandledrejection')
    await fetch('/echo') // a second one would have come
    note(events.length, tell(reason), reason instanceof TypeError, events[0].promise === promise)
    const handled = happens('rejectionhandled')
    note((await promise.catch(error => error)) === reason, (await handled).promise === promise)

    fetch('/broken').then(() => {})
    await happens('unhandledrejection')
    await fetch('/echo')
    note(events.length)
    removeEventListener('unhandledrejection', hear)
  },

  'fires nothing for a rejection that is caught': async note => {
    let events = 0
    const hear = () => events++
    addEventListener('unhandledrejection', hear)
    note(await fetch('/broken').catch(tell))
    note(await settled(() => fetch('/broken')))
    await Promise.allSettled([fetch('/broken'), fetch('http://:::')])
    await fetch('/echo')
    note(events)
    removeEventListener('unhandledrejection', hear)
  },

  'leaves its caller on the stack of a failure': async note => {
    async function askForTea() {
      await fetch('/broken')
    }
    const { stack = '' } = await askForTea().catch(error => error)
    note(stack.includes('askForTea'), stack.includes('/dist/'), Math.sign(stack.length))
  },

  'answers many at once': async note => {
    const numbers = Array.from({ length: 20 }, (_, i) => i)
    const responses = await Promise.all(numbers.map(i => fetch(`/echo?${i}`)))
    note(responses.map(response => new URL(response.url).search))
  },
}
