// One visit, as a user makes it, and what the error at its end tells of it: the same in every engine.

import { expect, test } from './browser.ts'

declare const visit: {
  navigate(): void
  fetch(refused: string): Promise<void>
  xhr(refused: string): Promise<void>
  lose(): void
  log(): void
  fail(message: string): void
}

interface Crumb {
  timestamp: number
}

/** What the engines do not agree on. */
const DIFFERENCES = {
  chromium: { dataUrl: {} },
  firefox: { dataUrl: { response_body_size: 11 } },
  webkit: { dataUrl: {} },
}

const REFUSED = 'http://127.0.0.1:9/' // the port of "discard", where nothing listens

test('a visit leaves its breadcrumbs, in order, and nothing private among them', async ({
  tab,
  server,
  collector,
}) => {
  server.route('/answer', (_request, response) =>
    response.writeHead(200, { 'Content-Length': 12 }).end('twelve bytes'),
  )
  server.route('/broken', (_request, response) => response.writeHead(503, { 'Content-Length': 0 }).end())
  server.route('/hanging', () => {})
  await tab.goto(server.url('visit.html'))
  await tab.click('shop-cart')
  await tab.type('[name=nickname]', 'ada')
  await tab.type('[name=pin]', 'hunter2')
  await tab.click('a')
  await tab.run(() => visit.navigate())
  await tab.run(refused => visit.fetch(refused), REFUSED)
  await tab.run(refused => visit.xhr(refused), REFUSED)
  await tab.run(() => visit.log())
  await tab.run(() => visit.lose())
  await tab.run(() => visit.fail('first'))
  const [first] = await collector.waitForEvents(events => events.length === 1, server.release)
  await tab.run(() => visit.fail('second'))
  const [, second] = await collector.waitForEvents(events => events.length === 2, server.release)

  const form = 'html > body > main > form'
  const page = `${server.origin}/visit.html`
  const request = (category: string, method: string, url: string, outcome: object, level = 'info') => ({
    type: 'http',
    category,
    level,
    data: { method, url, duration_ms: expect.any(Number), ...outcome },
  })
  const navigation = (from: string, to: string) => ({
    category: 'navigation',
    data: { from: page + from, to: page + to },
  })
  const click = (message: string) => ({ category: 'ui.click', message })
  const answered = { status_code: 200, response_body_size: 12 }
  expect(second!.breadcrumbs.map(({ timestamp, ...crumb }: Crumb) => crumb)).toEqual([
    click('shop-cart[data-testid="cart"] > div[class="line thin"]'),
    click(`${form} > input[name="nickname"]`),
    {
      category: 'ui.input',
      message: `${form} > input[name="nickname"]`,
      data: { kind: 'text', length: 3 },
    },
    click(`${form} > input[name="pin"]`),
    { category: 'ui.input', message: `${form} > input[name="pin"]` },
    click('html > body > main > a'),
    navigation('', '#part?token=[Filtered]'),
    navigation('#part?token=[Filtered]', '?step=2&session=[Filtered]'),
    navigation('?step=2&session=[Filtered]', '?step=3'),
    request('fetch', 'GET', '/answer?token=[Filtered]', answered),
    request('fetch', 'POST', `${server.origin}/answer`, answered),
    request('fetch', 'GET', `${server.origin}/missing`, { status_code: 404 }, 'error'),
    request('fetch', 'GET', '/broken', { status_code: 503 }, 'error'),
    request('fetch', 'GET', REFUSED, { reason: 'TypeError' }, 'error'),
    request('fetch', 'GET', '/hanging', { reason: 'AbortError' }, 'error'),
    request('fetch', 'GET', 'data:', { status_code: 200, ...DIFFERENCES[tab.engine].dataUrl }),
    request('xhr', 'GET', '/answer', answered),
    request('xhr', 'PUT', '/broken', { status_code: 503 }, 'error'),
    request('xhr', 'GET', REFUSED, { reason: 'error' }, 'error'),
    request('xhr', 'GET', '/hanging', { reason: 'timeout' }, 'error'),
    request('xhr', 'GET', '/hanging', { reason: 'abort' }, 'error'),
    { category: 'console', level: 'warning', message: 'low on {"tea":"sencha","password":"[Filtered]"} 3' },
    { category: 'page', message: 'offline' },
    {
      category: 'error',
      level: 'error',
      message: 'Error: first',
      data: { event_id: first!.event_id },
    },
  ])
  const times = second!.breadcrumbs.map(({ timestamp }: Crumb) => timestamp)
  expect(times).toEqual([...times].sort())
})
