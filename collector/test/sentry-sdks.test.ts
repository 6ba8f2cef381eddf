// Sentry's own SDKs for servers, at our end of the wire. The one for browsers is in e2e/receivers.spec.ts.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newDataDir, removeDataDir, runCollector, type RunningCollector } from './running-collector.ts'

const SHOP = fileURLToPath(new URL('sentry-node-shop.mjs', import.meta.url))

let dataDir: string
let collector: RunningCollector
beforeAll(async () => {
  dataDir = await newDataDir()
  collector = await runCollector(dataDir)
})
afterAll(async () => {
  await collector.stop('SIGTERM')
  await removeDataDir(dataDir)
})

const pageOf = async (path: string) => (await fetch(collector.url + path)).text()
const groups = async () => (await collector.get('/api/1/groups')).groups as Record<string, any>[]
/** The latest event of the group of that title, and the page that shows it. */
async function latestOf(title: string) {
  const { id } = (await groups()).find(group => group.title === title)!
  const { events } = await collector.get(`/api/1/groups/${id}/events`)
  return {
    event: await collector.get(`/api/1/events/${events[0].event_id}`),
    page: await pageOf(`/projects/1/groups/${id}`),
  }
}

test('what @sentry/node reports of a server is stored and shown rightly', async () => {
  const shop = spawn(process.execPath, [SHOP], {
    env: { ...process.env, SENTRY_DSN: collector.url.replace('//', '//demo@') + '/1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  shop.stderr.on('data', chunk => (said += chunk))
  expect(await once(shop, 'close')).toEqual([1, null])
  expect(said).toContain('RangeError: out of memory')

  expect((await groups()).map(({ title }) => title).sort()).toEqual([
    'Error: no cache, going on without',
    'Feedback: The cart is empty',
    'PriceError: order 17 has no price',
    'RangeError: out of memory',
    'a large cart',
  ])
  const { event, page } = await latestOf('PriceError: order 17 has no price')
  const source = readFileSync(SHOP, 'utf8').split('\n')
  expect(event).toMatchObject({
    platform: 'node',
    release: 'shop-api@1.2.3',
    environment: 'production',
    user: { id: 'u7' },
    tags: { queue: 'orders' },
    breadcrumbs: expect.arrayContaining([
      expect.objectContaining({ category: 'console', message: 'looking for order 17' }),
    ]),
  })
  const [cause, root] = event.exception.values
  expect([cause.type, cause.mechanism.source]).toEqual(['TypeError', 'cause'])
  expect(root.stacktrace.frames.at(-1)).toMatchObject({
    function: 'priceOf',
    lineno: source.findIndex(line => line.endsWith('// @thrown')) + 1,
    in_app: true,
  })
  for (const text of ['order 17 has no price', 'handled', 'Caused by', 'return parts[order].price', 'u7'])
    expect(page).toContain(text)

  const crash = await latestOf('RangeError: out of memory')
  expect(crash.event).toMatchObject({ level: 'fatal' })
  expect(crash.page).toContain('unhandled')
  expect((await latestOf('a large cart')).event.extra.cart).toMatch(/^tea 🍵 tea/)
  const { page: feedback } = await latestOf('Feedback: The cart is empty')
  expect(feedback).toContain('ann@shop.example')
})

test('the sessions and the client report of @sentry/node are counted', async () => {
  const { releases } = await collector.get('/api/1/sessions')
  // Its own, and that of the request, which it sends added up.
  expect(releases).toMatchObject([
    { release: 'shop-api@1.2.3', sessions: { estimate: 2, exact: true }, kept: { sessions: 2 } },
  ])
  // Whether it can still say how its own ended is a race that it often loses (11.12).
  const { errored, crashed } = releases[0].kept
  expect(errored + crashed).toBe(2)
  expect(await pageOf('/projects/1/vitals')).toContain('shop-api@1.2.3')
  expect((await collector.get('/api/1/outcomes')).client).toMatchObject({ before_send: 1 })
  expect(await pageOf('/projects/1/health')).toContain('dropped by beforeSend')
})

test("what Sentry's SDK for Python sends is stored and shown rightly", async () => {
  for (const name of ['event', 'session']) {
    const now = new Date().toISOString().replace('Z', '000Z')
    const file = new URL(`fixtures/sentry-python-1.9.10-${name}.envelope`, import.meta.url)
    const captured = readFileSync(file, 'utf8').replace(/2026-11-23T20:\d\d:\d\d\.\d{6}Z/g, now)
    const response = await fetch(`${collector.url}/api/1/envelope/`, {
      method: 'POST',
      body: gzipSync(captured),
      headers: {
        'content-type': 'application/x-sentry-envelope',
        'content-encoding': 'gzip',
        'x-sentry-auth': 'Sentry sentry_key=demo, sentry_version=7, sentry_client=sentry.python/1.9.10',
      },
    })
    expect(response.status).toBe(200)
  }
  const { event, page } = await latestOf('ValueError: order 17 is not there')
  const [cause, root] = event.exception.values
  expect([cause.type, root.type]).toEqual(['IndexError', 'ValueError'])
  expect(root.stacktrace.frames.at(-1)).toMatchObject({ function: 'run', lineno: 14, module: '__main__' })
  // It knows no secrets of its own.
  expect(cause.stacktrace.frames.at(-1).vars).toEqual({ order: '17', api_key: '[Filtered]', rows: [] })
  expect(JSON.stringify(event)).not.toContain('s3cr3t')
  for (const text of ['Caused by', 'return rows[order]', 'took order 17', 'CPython', 'worker-1'])
    expect(page).toContain(text)
  expect((await collector.get('/api/1/outcomes')).filtered).toMatchObject({ 'item:attachment': 1 })
  const { releases } = await collector.get('/api/1/sessions')
  expect(releases).toContainEqual(
    expect.objectContaining({
      release: 'shop-worker@3',
      kept: { sessions: 1, errored: 1, abnormal: 0, crashed: 0 },
    }),
  )
})
