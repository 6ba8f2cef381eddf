'use strict'

const XHR_EVENTS = [
  'readystatechange',
  'loadstart',
  'progress',
  'load',
  'error',
  'abort',
  'timeout',
  'loadend',
]

/** Notes each event as often as it is heard. */
function listenAll(note, xhr) {
  const state = () => `${xhr.readyState} ${xhr.status} ${xhr.responseText.length}`
  for (const type of XHR_EVENTS) {
    xhr.addEventListener(type, event => note(type, state(), event.loaded, event.total, event.target === xhr))
    xhr[`on${type}`] = function (event) {
      note(`on${type}`, state(), event.eventPhase, this === xhr)
    }
  }
  // How often progress is told is a matter of time: the same is noted once.
  const told = new Set()
  for (const type of XHR_EVENTS.slice(1))
    xhr.upload.addEventListener(type, ({ loaded, total }) => {
      if (type != 'progress' || !told.has(loaded)) note('upload', type, loaded, total)
      told.add(loaded)
    })
}

behaviours['events of XMLHttpRequest'] = {
  'fires its events in order': async note => {
    const urls = {
      '/echo': 'POST',
      '/missing': 'POST',
      '/redirect': 'POST',
      '/broken': 'GET',
      'data:,tea': 'GET',
    }
    for (const [url, method] of Object.entries(urls)) {
      const xhr = new XMLHttpRequest()
      listenAll((...texts) => note(url, ...texts), xhr)
      await send(xhr, url, 'tea', method)
    }
  },

  'fires the events of one that is sent twice, aborted, or opened again': async note => {
    const xhr = new XMLHttpRequest()
    listenAll(note, xhr)
    await send(xhr, '/echo', 'first')
    await send(xhr, '/missing', 'second')
    xhr.open('POST', '/never')
    xhr.send('aborted')
    xhr.abort()
    xhr.open('POST', '/never')
    xhr.send('opened again')
    await send(xhr, '/echo', 'last')
    xhr.open('GET', '/echo')
    xhr.abort()
    note(xhr.readyState)
  },

  'can be aborted by a listener': async note => {
    for (const state of [2, 3, 4]) {
      const xhr = new XMLHttpRequest()
      const isAborted = new Promise(resolve => {
        xhr.addEventListener('readystatechange', () => {
          if (xhr.readyState == state) resolve(xhr.abort())
        })
      })
      listenAll((...texts) => note(state, ...texts), xhr)
      xhr.open('POST', '/echo')
      xhr.send('tea')
      await isAborted
      await fetch('/echo') // whatever comes after has come
    }
  },

  'times out': async note => {
    const xhr = new XMLHttpRequest()
    listenAll(note, xhr)
    xhr.timeout = 30
    await send(xhr, '/never', null, 'GET') // whether an upload is over by then is chance
  },

  'works synchronously': note => {
    for (const url of ['/echo', '/missing', '/broken', `${otherOrigin}/closed`]) {
      const xhr = new XMLHttpRequest()
      listenAll((...texts) => note(url.replace(otherOrigin, ''), ...texts), xhr)
      xhr.open('GET', url, false)
      note(outcome(() => xhr.send()))
      note(xhr.status, xhr.responseText.length)
    }
  },

  'lets listeners throw': async note => {
    const told = []
    const hear = event => {
      told.push(event.error?.message)
      event.preventDefault()
    }
    addEventListener('error', hear)
    const xhr = new XMLHttpRequest()
    xhr.onreadystatechange = () => {
      throw new Error(`thrown at ${xhr.readyState}`)
    }
    xhr.addEventListener('load', () => {
      throw new Error('thrown at load')
    })
    xhr.addEventListener('load', { handleEvent: event => note('still heard', event.type) })
    await send(xhr, '/echo', 'tea')
    removeEventListener('error', hear)
    note(told)
  },
}
