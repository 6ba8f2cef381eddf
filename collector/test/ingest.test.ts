import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anEvent,
  envelopeOf,
  envelopeOfItems,
  newDataDir,
  removeDataDir,
  runCollector,
  type RunningCollector,
} from './running-collector.ts'

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

const storedEvent = (id: string) => collector.get(`/api/1/events/${id}`)
const envelopeUrl = (query = '', project = '1') => `${collector.url}/api/${project}/envelope/${query}`

test('an event is stored, answered with its id, and shown as it was sent', async () => {
  const event = anEvent({
    exception: {
      values: [
        {
          type: 'E',
          value: 'v',
          stacktrace: {
            frames: [{ function: 'f', filename: 'https://a/x.js', lineno: 3, colno: 4, in_app: true }],
          },
        },
      ],
    },
  })
  const response = await collector.post(envelopeOf(event), {
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
  })
  expect([response.status, await response.json()]).toEqual([200, { id: event.event_id }])
  const { exception, ...rest } = await storedEvent(event.event_id)
  const { exception: _, ...sent } = event
  expect(rest).toEqual({ ...sent, level: 'error', request: { headers: { 'User-Agent': 'node' } } })
  expect(exception.values[0].stacktrace.frames[0]).toEqual({
    function: 'f',
    filename: 'https://a/x.js',
    lineno: 3,
    colno: 4,
    in_app: true,
    raw: { function: 'f', filename: 'https://a/x.js', lineno: 3, colno: 4 },
    symbolication: { status: 'none', reason: 'no debug id and no release', advice: expect.any(String) },
  })
})

test('the address works without its last slash', async () => {
  const event = anEvent()
  const response = await fetch(`${collector.url}/api/1/envelope?sentry_key=demo`, {
    method: 'POST',
    body: envelopeOf(event),
  })
  expect(response.status).toBe(200)
  expect((await storedEvent(event.event_id)).event_id).toBe(event.event_id)
})

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('a body in %s is inflated', async (encoding, compress) => {
  const event = anEvent()
  const response = await collector.post(compress(envelopeOf(event)), {
    headers: { 'content-encoding': encoding },
  })
  expect(response.status).toBe(200)
  expect((await storedEvent(event.event_id)).event_id).toBe(event.event_id)
})

const broken = '{}\n{"type":"event"}\n{"a":'
test.each([
  ['an empty body', '', {}, 400, 'empty_body'],
  ['no JSON', 'hello', {}, 400, 'invalid_envelope_header'],
  ['an item without a type', '{}\n{}\n{}', {}, 400, 'invalid_item_header'],
  ['a length that is none', '{}\n{"type":"event","length":-3}\n{}', {}, 400, 'invalid_item_length'],
  ['an item that is cut off', '{}\n{"type":"event","length":99}\n{}', {}, 400, 'truncated_item'],
  ['a length that is too short', '{}\n{"type":"event","length":1}\n{}', {}, 400, 'missing_newline'],
  ['an event that is no JSON', broken, {}, 400, 'invalid_event_json'],
  ['an event that is a list', '{}\n{"type":"event"}\n[]', {}, 400, 'invalid_event'],
  ['an encoding nobody knows', '{}', { 'content-encoding': 'lzma' }, 400, 'unknown_encoding'],
  ['gzip that is none', '{}', { 'content-encoding': 'gzip' }, 400, 'broken_encoding'],
  [
    'gzip that is cut off',
    gzipSync('{}\n'.repeat(999)).subarray(0, 20),
    { 'content-encoding': 'gzip' },
    400,
    'broken_encoding',
  ],
  ['a body that is too large', 'x'.repeat(1024 * 1024 + 1), {}, 413, 'too_large'],
  ['a bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024)), { 'content-encoding': 'gzip' }, 413, 'too_large'],
  [
    'a bomb in brotli',
    brotliCompressSync(Buffer.alloc(8 * 1024 * 1024)),
    { 'content-encoding': 'br' },
    413,
    'too_large',
  ],
])('%s is refused with the reason, and counted', async (_, body, headers, status, code) => {
  const before = (await collector.get('/api/1/outcomes')).invalid[code] ?? 0
  const response = await collector.post(body, { headers: headers as Record<string, string> })
  const answer = await response.json()
  expect([response.status, answer.error]).toEqual([status, code])
  expect(answer.message.length).toBeGreaterThan(20)
  await expect.poll(async () => (await collector.get('/api/1/outcomes')).invalid[code]).toBe(before + 1)
})

test('a body of unknown length is cut off at the cap, too', async () => {
  let sentBytes = 0
  const stream = new ReadableStream({
    pull(controller) {
      if (sentBytes > 3 * 1024 * 1024) return controller.close()
      sentBytes += 65536
      controller.enqueue(new Uint8Array(65536))
    },
  })
  const response = await collector.post(stream, { duplex: 'half' } as RequestInit)
  expect([response.status, (await response.json()).error]).toEqual([413, 'too_large'])
})

test('a key is taken from the query, the header or the DSN in the envelope', async () => {
  const post = (url: string, headers: Record<string, string>, body: string) =>
    fetch(url, { method: 'POST', headers, body })
  const byHeader = anEvent()
  const auth = 'Sentry sentry_version=7, sentry_client=sentry.javascript.browser/11.12.0, sentry_key=demo'
  expect((await post(envelopeUrl(), { 'x-sentry-auth': auth }, envelopeOf(byHeader))).status).toBe(200)
  const byDsn = anEvent()
  expect(
    (await post(envelopeUrl(), {}, envelopeOf(byDsn, { dsn: 'http://demo@127.0.0.1:4400/1' }))).status,
  ).toBe(200)
  for (const { event_id } of [byHeader, byDsn]) expect((await storedEvent(event_id)).event_id).toBe(event_id)
})

test.each([
  ['no key', '', '1', {}, 403, 'missing_key'],
  ['a wrong key', '?sentry_key=nope', '1', {}, 403, 'wrong_key'],
  ['a wrong key in the DSN', '', '1', { dsn: 'http://nope@127.0.0.1/1' }, 403, 'wrong_key'],
  ["another project's DSN", '', '1', { dsn: 'http://demo@127.0.0.1/2' }, 403, 'missing_key'],
  ['an unknown project', '?sentry_key=demo', '2', {}, 404, 'unknown_project'],
  ['a project of odd characters', '?sentry_key=demo', '%E0%A4%A', {}, 404, 'unknown_project'],
])(
  '%s is refused with the reason, readable from any page',
  async (_, query, project, header, status, code) => {
    const event = anEvent()
    const response = await fetch(envelopeUrl(query, project), {
      method: 'POST',
      body: envelopeOf(event, header),
    })
    expect([response.status, (await response.json()).error]).toEqual([status, code])
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect((await fetch(`${collector.url}/api/1/events/${event.event_id}`)).status).toBe(404)
  },
)

test('pages of any origin may post, with any header, and read the limits', async () => {
  const preflight = await fetch(envelopeUrl(), {
    method: 'OPTIONS',
    headers: {
      origin: 'https://shop.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-sentry-auth,x-custom',
    },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
  expect(preflight.headers.get('access-control-allow-headers')).toMatch(/x-sentry-auth.*x-custom/)
  const response = await collector.post(envelopeOf(anEvent()), {
    headers: { origin: 'https://shop.example' },
  })
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('access-control-expose-headers')).toMatch(/X-Sentry-Rate-Limits.*Retry-After/)
  const read = await fetch(`${collector.url}/api/1/groups`, { headers: { origin: 'https://shop.example' } })
  expect(read.headers.get('access-control-allow-origin')).toBe(null)
})

test('another method gets a 405 that names the right one', async () => {
  const response = await fetch(envelopeUrl())
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
})

test('items that are not stored are counted by type, client reports by reason', async () => {
  const before = await collector.get('/api/1/outcomes')
  const report = {
    discarded_events: [
      { reason: 'before_send', category: 'error', quantity: 3 },
      { reason: '<b>', quantity: 1 },
      { reason: 'x', quantity: -5 },
      null,
    ],
  }
  const response = await collector.post(
    [
      '{}',
      '{"type":"attachment"}',
      '{}',
      '{"type":"<script>"}',
      '{}',
      '{"type":"client_report"}',
      JSON.stringify(report),
    ].join('\n'),
  )
  expect([response.status, await response.json()]).toEqual([200, {}])
  await expect
    .poll(() => collector.get('/api/1/outcomes'))
    .toMatchObject({
      accepted: before.accepted,
      filtered: { 'item:attachment': 1, 'item:other': 1 },
      client: { before_send: 3, other: 1 },
    })
})

test('feedback is stored as an event that says what was written, an older user report, too', async () => {
  const written = anEvent({
    exception: undefined,
    contexts: { feedback: { message: 'The cart is empty', contact_email: 'a@shop.example' } },
  })
  const report = { event_id: written.event_id, name: 'Ann', email: 'a@shop.example', comments: 'Still empty' }
  const send = () =>
    collector.post(
      envelopeOfItems([
        [{ type: 'feedback' }, written],
        [{ type: 'user_report' }, report],
      ]),
    )
  expect(await (await send()).json()).toEqual({ id: written.event_id })
  expect(await storedEvent(written.event_id)).toMatchObject({
    type: 'feedback',
    level: 'info',
    message: 'The cart is empty',
    contexts: { feedback: { contact_email: 'a@shop.example' } },
  })
  const titles = async () =>
    (await collector.get('/api/1/groups')).groups.map(({ title }: { title: string }) => title)
  expect(await titles()).toEqual(
    expect.arrayContaining(['Feedback: The cart is empty', 'Feedback: Still empty']),
  )
  const { stored } = await collector.get('/api/1/outcomes')
  await send()
  expect((await collector.get('/api/1/outcomes')).stored).toBe(stored)
})

test('a report that does not say which browser it is from was brought by that browser', async () => {
  const own = anEvent({ request: { url: 'https://shop.example/', headers: { 'user-agent': 'own' } } })
  const silent = anEvent({ request: { url: 'https://shop.example/' } })
  const server = anEvent({ platform: 'node', request: { url: 'https://shop.example/' } })
  for (const event of [own, silent, server])
    await collector.post(envelopeOf(event), { headers: { 'user-agent': 'Firefox/153.0' } })
  expect((await storedEvent(own.event_id)).request.headers).toEqual({ 'user-agent': 'own' })
  expect((await storedEvent(silent.event_id)).request.headers).toEqual({ 'User-Agent': 'Firefox/153.0' })
  expect((await storedEvent(server.event_id)).request.headers).toBeUndefined()
})

test('the same event twice is one row, and the second is counted as a duplicate', async () => {
  const before = await collector.get('/api/1/outcomes')
  const envelope = envelopeOf(anEvent({ fingerprint: ['sent twice'] }))
  const answers = await Promise.all([collector.post(envelope), collector.post(envelope)])
  expect(await Promise.all(answers.map(answer => answer.json()))).toEqual([
    await (await collector.post(envelope)).json(),
    expect.anything(),
  ])
  const after = await collector.get('/api/1/outcomes')
  expect(after.stored).toBe(before.stored + 1)
  expect(after.accepted).toBe(before.accepted + 3)
  expect(after.filtered.duplicate).toBe((before.filtered.duplicate ?? 0) + 2)
})

test('200 posts at once are all there', async () => {
  const events = Array.from({ length: 200 }, () => anEvent({ fingerprint: ['at once'] }))
  const answers = await Promise.all(
    events.map(event =>
      collector.post(envelopeOf(event, { ohnoes: { sid: `s${Number(`0x${event.event_id}`) % 7}` } })),
    ),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  const { groups } = await collector.get('/api/1/groups')
  const found = await Promise.all(events.map(({ event_id }) => storedEvent(event_id)))
  expect(found.map(({ event_id }) => event_id)).toEqual(events.map(({ event_id }) => event_id))
  expect(groups).toContainEqual(
    expect.objectContaining({
      occurrences: { estimate: 200, low: 200, high: 200, exact: true },
      sessions: { estimate: 7, low: 7, high: 7, exact: true },
    }),
  )
})

test('bytes at random never get a 500', async () => {
  const good = Buffer.from(envelopeOf(anEvent({ tags: { a: 'b' } })))
  let seed = 7
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below
  const statuses = new Set<number>()
  for (let run = 0; run < 300; run++) {
    const bytes = Buffer.from(good)
    for (let change = 0; change <= random(4); change++) bytes[random(bytes.length)] = random(256)
    const end = bytes.length - (run % 2 && random(99))
    statuses.add((await collector.post(bytes.subarray(0, end))).status)
  }
  expect([...statuses].sort()).toEqual([200, 400])
  expect(collector.errors()).toBe('')
})
