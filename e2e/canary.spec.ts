// Secrets of every kind are planted in a page where ohnoes could come across them. None is in a byte that leaves.

import type { ServerResponse } from 'node:http'
import { instrument } from '../plugin/src/instrument.ts'
import { expect, test } from './browser.ts'
import { vitalsLoaded } from './measured-page.ts'
import type { PageServer } from './server.ts'

type Api = typeof import('../src/index.ts')
declare const ohnoes: Api

/** Where each secret is put; the page finds it in `secrets` by this name. */
const PLACES = [
  'password field',
  'input named token',
  'textarea',
  'select',
  'contenteditable',
  'button text',
  'text in a shadow root',
  'data attribute',
  'query of the page',
  'fragment of the page',
  'query of the referrer',
  'pushState',
  'query of a script',
  'query of a failed script',
  'fetch query',
  'fetch header',
  'fetch body',
  'fetch answer',
  'fetch answer header',
  'fetch user',
  'fetch data URL',
  'xhr query',
  'xhr header',
  'xhr body',
  'xhr answer',
  'socket query',
  'cookie',
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'window.name',
  'postMessage',
  'console under a key',
  'console in a URL',
  'property of an error',
  'property of a cause',
  'property of a member',
  'getter of an error',
  'Map in an error',
  'closure in an error',
  'thrown object',
  'user and password in a message',
  'parameter in a message',
  'extra',
  'tag',
  'context',
  'user',
  'breadcrumb',
  'own key of the page',
  'secret variable',
  'variable from a secret key',
  'key in a variable',
  'getter in a variable',
  'Map in a variable',
  'closure in a variable',
  'URL in a variable',
  'query under the key sessionId',
  'URL as a key on the console',
  'URL as a key of an extra',
  'reason of an abort',
  'property of a thrown element',
  'property of an element as a cause',
  'answer in an error of a request',
  'body in an error of a request',
  'header in an error of a request',
] as const

type Secrets = Record<(typeof PLACES)[number], string>

const CARD = '4111111111111111'

test('no secret of the page is in a byte that leaves it', async ({ tab, server }) => {
  const secrets = Object.fromEntries(
    PLACES.map((place, n) => [place, `canary${n}x${place.length}`]),
  ) as Secrets
  const sent = collect(server)
  serve(server, secrets)
  await tab.goto(`${server.origin}/before.html?auth=${secrets['query of the referrer']}`)
  await tab.run(
    ({ query, hash }) => void location.assign(`/canary.html?token=${query}#access_token=${hash}`),
    { query: secrets['query of the page'], hash: secrets['fragment of the page'] },
  )
  await tab.waitFor(() => location.pathname === '/canary.html' && document.readyState === 'complete')
  await tab.type('[type=password]', secrets['password field'])
  await tab.type('[name=token]', secrets['input named token'])
  await tab.type('[name=card]', CARD)
  await tab.type('textarea', secrets.textarea)
  await tab.type('[contenteditable]', secrets.contenteditable)
  await tab.click('shop-cart')
  await tab.click('button')
  await tab.run(plant, secrets)
  await tab.waitFor(() => document.documentElement.dataset.isDone)
  const stats = await tab.run(() => ohnoes.flush(10_000).then(() => ohnoes.getStats()))
  expect(stats.occurred).toBe(13)
  expect(stats.sent).toBe(13)
  await tab.goto(`${server.origin}/before.html`)
  await expect.poll(() => sent.join('').includes('"status":"crashed"')).toBe(true)

  const text = sent.join('\n')
  // What is kept of the same places, or this could not fail.
  for (const part of [
    'credentials were refused',
    'ui.input',
    'xhr',
    'websocket',
    'low on',
    'OutOfStock',
    'flags',
    'variables were kept',
    'input[name=\\"coupon\\"]',
    'no element',
    'refused with 403',
    '?sessionId=[Filtered]',
    'low.example/?token=[Filtered]',
    'stock.example/?token=[Filtered]',
    'canary.html?token=[Filtered]',
  ])
    expect(text, part).toContain(part)
  const leaked = Object.entries({ ...secrets, 'card number': CARD }).filter(([, secret]) =>
    text.includes(secret),
  )
  expect(leaked.map(([place]) => place)).toEqual([])
})

test('no secret of a measured page is in its vitals', async ({ tab, server }) => {
  const secrets = ['page', 'fragment', 'image', 'script', 'attribute', 'text'].map(place => `canary-${place}`)
  const [page, fragment, image, script, attribute, text] = secrets
  const sent = collect(server)
  server.route('/before.html', html('<p>before'))
  server.route('/hero.svg', (_request, response) =>
    response
      .writeHead(200, { 'Content-Type': 'image/svg+xml' })
      // Padded: what has few bytes for its size is no content to LCP.
      .end(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><rect width="3" height="2"/></svg>'.padEnd(
          10_000,
        ),
      ),
  )
  server.route('/slow.js', (_request, response) =>
    response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(`
      document.querySelector('button').onclick = () => {
        for (const end = performance.now() + 120; performance.now() < end; );
      }
      new PerformanceObserver(() => (document.documentElement.dataset.isDone = 'yes'))
        .observe({ type: 'event', durationThreshold: 16 })`),
  )
  server.route(
    '/measured.html',
    html(`
      <script src="/dist/ohnoes.js" data-dsn="${server.dsn}" data-session-sample-rate="1" data-vitals></script>
      <img src="/hero.svg?api_key=${image}" width="600" height="400" alt="">
      <button data-secret="${attribute}">${text}</button>
      <script src="/slow.js?jwt=${script}"></script>`),
  )
  await tab.goto(`${server.origin}/measured.html?token=${page}#access_token=${fragment}`)
  await vitalsLoaded(tab)
  await tab.click('button')
  if (tab.engine !== 'webkit') await tab.waitFor(() => document.documentElement.dataset.isDone) // has no Event Timing
  await tab.goto(`${server.origin}/before.html`)
  await expect.poll(() => sent.join('').includes('browser.web_vital.ttfb')).toBe(true)

  const all = sent.join('\n')
  expect(all).toContain('"/measured.html"')
  if (tab.engine === 'chromium')
    for (const kept of ['hero.svg?api_key=[Filtered]', 'slow.js?jwt=[Filtered]']) expect(all).toContain(kept)
  expect(secrets.filter(secret => all.includes(secret))).toEqual([])
})

/** Takes the collector's place, on a host of its own, and keeps all there is of each request. */
function collect(server: PageServer): string[] {
  const sent: string[] = []
  server.dsn = `${server.otherOrigin.replace('//127.0.0.1', '//demo@localhost')}/1`
  server.route('/api/1/envelope/', (request, response, body) => {
    sent.push(`${request.method} ${request.url}\n${request.rawHeaders.join('\n')}\n\n${body}`)
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('{}')
  })
  return sent
}

function html(text: string) {
  return (_request: unknown, response: ServerResponse) =>
    response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end(`<!doctype html><meta charset="utf-8">${text}`)
}

function serve(server: PageServer, secrets: Secrets): void {
  server.route('/before.html', html('<p>before'))
  server.route(
    '/canary.html',
    html(`
      <script src="/dist/ohnoes.js" data-dsn="${server.dsn}" data-console="log,warn" data-session-sample-rate="1"
        data-scrub-keys="iban"></script>
      <form>
        <input type="password"><input name="token"><input name="card"><textarea></textarea>
        <select><option>none<option>${secrets.select}</select>
      </form>
      <div contenteditable style="min-height: 2em"></div>
      <shop-cart></shop-cart>
      <button data-secret="${secrets['data attribute']}">${secrets['button text']}</button>
      <script>
        document.querySelector('shop-cart').attachShadow({ mode: 'open' }).innerHTML =
          '<button>${secrets['text in a shadow root']}</button>'
      </script>
      <script type="module" src="/dist/locals.mjs"></script>
      <script src="/instrumented.js"></script>
      <script src="/thrower.js?jwt=${secrets['query of a script']}"></script>
      <script src="/missing.js?api_key=${secrets['query of a failed script']}"></script>`),
  )
  server.route('/thrower.js', (_request, response) =>
    response.writeHead(200, { 'Content-Type': 'text/javascript' }).end('throw new Error("of a script")'),
  )
  server.route('/instrumented.js', (_request, response) =>
    response
      .writeHead(200, { 'Content-Type': 'text/javascript' })
      .end(instrument(`globalThis.signIn = ${signIn}`, { filename: 'a.js', names: 'inline' }).code),
  )
  server.route('/answer', (request, response) =>
    response
      .writeHead(200, { 'X-Secret': secrets['fetch answer header'] })
      .end(request.url!.includes('xhr') ? secrets['xhr answer'] : secrets['fetch answer']),
  )
}

/** Runs in the page, instrumented. */
function signIn(secrets: Secrets): void {
  const remark = 'variables were kept'
  const password = secrets['secret variable']
  const account = {
    user: 'ada',
    accessToken: secrets['key in a variable'],
    notes: new Map([['note', secrets['Map in a variable']]]),
    get lazy() {
      return secrets['getter in a variable']
    },
    later: () => secrets['closure in a variable'],
  }
  const { apiKey: given } = { apiKey: secrets['variable from a secret key'] }
  const where = `/account?token=${secrets['URL in a variable']}`
  throw new Error(`signed out ${[remark, account, where].length} ${password.length + given.length}`)
}

/** Runs in the page. Eleven reports; with the two of its scripts, 13. */
async function plant(secrets: Secrets): Promise<void> {
  const of = (place: keyof Secrets) => secrets[place]
  const settled = (promise: Promise<Response>) => promise.then(response => response.text()).catch(() => {})
  const later = (job: () => void) => new Promise(resolve => setTimeout(() => (setTimeout(resolve), job())))

  document.cookie = `sid=${of('cookie')}`
  localStorage.setItem('token', of('localStorage'))
  sessionStorage.setItem('token', of('sessionStorage'))
  window.name = of('window.name')
  postMessage({ password: of('postMessage') }, '*')
  await new Promise<void>(resolve => {
    const request = indexedDB.open('canary', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('store').put(of('indexedDB'), 'password')
    request.onsuccess = () => {
      request.result.close()
      resolve()
    }
  })
  const select = document.querySelector('select')!
  select.selectedIndex = 1
  select.dispatchEvent(new Event('change', { bubbles: true }))

  await settled(
    fetch(`/answer?api_key=${of('fetch query')}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${of('fetch header')}` },
      body: of('fetch body'),
    }),
  )
  await settled(fetch(`/answer?sessionId=${of('query under the key sessionId')}`))
  const controller = new AbortController()
  controller.abort({ name: { password: of('reason of an abort') } })
  await settled(fetch('/answer', { signal: controller.signal }))
  await settled(fetch(`data:text/plain,${of('fetch data URL')}`))
  await new Promise(resolve => {
    const request = new XMLHttpRequest()
    request.open('POST', `/answer?xhr&session=${of('xhr query')}`)
    request.setRequestHeader('X-Token', of('xhr header'))
    request.onloadend = resolve
    request.send(of('xhr body'))
  })
  await new Promise(resolve => {
    const socket = new WebSocket(`ws://${location.host}/socket?secret=${of('socket query')}`)
    socket.onclose = resolve
  })
  history.pushState({ password: of('pushState') }, '', `?password=${of('pushState')}`)
  history.replaceState({}, '', '/canary.html')
  console.log('low on', { deep: { password: of('console under a key') } })
  console.log({ [`http://low.example/?token=${of('URL as a key on the console')}`]: 0 })
  console.warn(`GET http://shop.example/?token=${of('console in a URL')} failed`)

  ohnoes.setUser({ id: 7, password: of('user') })
  ohnoes.setTag('csrf_token', of('tag'))
  ohnoes.setContext('shop', { api_key: of('context') })
  ohnoes.setExtra('cart', { items: [{ client_secret: of('extra') }], iban: of('own key of the page') })
  ohnoes.setExtra('stock', { [`http://stock.example/?token=${of('URL as a key of an extra')}`]: 0 })
  ohnoes.addFeatureFlag('new cart', true)
  ohnoes.addBreadcrumb({ message: 'own', data: { bearer: of('breadcrumb') } })

  const hidden = of('closure in an error')
  const cause = Object.assign(new Error('cause'), { apiKey: of('property of a cause') })
  const error = Object.assign(new Error('OutOfStock', { cause }), {
    authToken: of('property of an error'),
    stock: new Map([['password', of('Map in an error')]]),
    callback: () => hidden,
  })
  Object.defineProperty(error, 'lazy', { enumerable: true, get: () => of('getter of an error') })
  await later(() => {
    throw error
  })
  const member = Object.assign(new Error('member'), { jwt: of('property of a member') })
  await later(() => {
    throw new AggregateError([member], 'several')
  })
  await later(() => {
    throw { code: 7, password: of('thrown object') }
  })
  await later(() => {
    throw new Error(`no http://user:${of('user and password in a message')}@shop.example/`)
  })
  await later(() => {
    throw new Error(`no http://shop.example/?secret=${of('parameter in a message')}#top`)
  })
  // As React leaves its props on one.
  const rendered = (value: string) =>
    Object.assign(document.createElement('input'), {
      name: 'coupon',
      __reactProps$a: { value },
      draft: value,
    })
  await later(() => {
    throw rendered(of('property of a thrown element'))
  })
  await later(() => {
    throw new Error('no element', { cause: rendered(of('property of an element as a cause')) })
  })
  // As axios makes them.
  await later(() => {
    throw Object.assign(new Error('refused with 403'), {
      config: {
        data: JSON.stringify({ pin: of('body in an error of a request') }),
        headers: { 'X-Pin': of('header in an error of a request') },
      },
      response: { data: { pin: of('answer in an error of a request') } },
    })
  })
  // Its parameter is not to be seen: it has them all.
  await later(() => (globalThis as never as { signIn(csrfSecrets: Secrets): void }).signIn(secrets))
  // Its message has the URL, with the credentials.
  void fetch(`http://user:${of('fetch user')}@127.0.0.1:9/`)
  await later(() => ohnoes.captureMessage('credentials were refused'))
  document.documentElement.dataset.isDone = 'yes'
}
