import { MAX_EVENT_BYTES } from 'ohnoes/protocol'
import { expect, test } from 'vitest'
import { wantedFiles } from '../src/artifact-keys.ts'
import { parseEvent } from '../src/event.ts'
import { groupOf } from '../src/group.ts'
import { createScrubber } from '../src/scrub.ts'

const NOW_MS = Date.UTC(2026, 10, 23)
const NOW_S = NOW_MS / 1000
const ID = 'abcdef0123456789abcdef0123456789'

function parseText(text: string, header: Record<string, unknown> = {}) {
  return parseEvent(Buffer.from(text), { header, receivedMs: NOW_MS, scrubber: createScrubber() })
}

function read(input: unknown, header: Record<string, unknown> = {}) {
  const parsed = parseText(JSON.stringify(input), header)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.event
}

const oneException = (exception: unknown) =>
  read({ exception: { values: [exception] } }).exception!.values[0]!

test.each(['', '{', 'null', '[]', '"x"', '12', '\u0000'])('refuses %j, which is no JSON object', text => {
  expect(parseText(text)).toMatchObject({
    ok: false,
    status: 400,
    message: expect.stringContaining('JSON object'),
  })
})

test('an event id comes from the event, else from the header, else is made', () => {
  expect(read({ event_id: ID.toUpperCase() }).event_id).toBe(ID)
  expect(read({ event_id: 'abcdef01-2345-6789-abcd-ef0123456789' }).event_id).toBe(ID)
  expect(read({ event_id: 'no' }, { event_id: ID }).event_id).toBe(ID)
  expect(read({}, { event_id: 7 }).event_id).toMatch(/^[0-9a-f]{32}$/)
})

test.each([
  [NOW_S - 1.5, NOW_S - 1.5],
  ['2026-11-22T23:59:00.250Z', NOW_S - 59.75],
  ['2026-11-22T23:59:00', NOW_S - 60],
  ['2026-11-23T01:59:00+02:00', NOW_S - 60],
  [String(NOW_S - 3), NOW_S - 3],
  [undefined, NOW_S],
])('the timestamp %j is read as %d', (timestamp, expected) => {
  const event = read({ timestamp })
  expect(event.timestamp).toBeCloseTo(expected, 3)
  expect(event._meta).toBeUndefined()
})

test.each([
  ['yesterday', NOW_S, '!invalid'],
  [{}, NOW_S, '!invalid'],
  [1e308, NOW_S + 60, '!clamped'],
  [NOW_S + 3600, NOW_S + 60, '!clamped'],
  [0, NOW_S - 30 * 86_400, '!clamped'],
])('the timestamp %j is put right and marked', (timestamp, expected, rule) => {
  const event = read({ timestamp })
  expect(event.timestamp).toBe(expected)
  expect(event._meta).toEqual({ timestamp: { '': { rem: [[rule, 's']] } } })
})

test('a clock that is off by hours is corrected by when the envelope was sent', () => {
  const sentAt = new Date(NOW_MS - 5 * 3_600_000).toISOString()
  const event = read(
    { timestamp: NOW_S - 5 * 3600 - 7, breadcrumbs: [{ timestamp: NOW_S - 5 * 3600 - 9 }] },
    { sent_at: sentAt },
  )
  expect(event.timestamp).toBeCloseTo(NOW_S - 7)
  expect(event.breadcrumbs?.[0]?.timestamp).toBeCloseTo(NOW_S - 9)
  expect(event._meta?.timestamp).toEqual({ '': { rem: [['!clock_drift', 's']] } })
  const slow = read({ timestamp: NOW_S - 600 }, { sent_at: new Date(NOW_MS - 590_000).toISOString() })
  expect(slow.timestamp).toBe(NOW_S - 600)
})

test('what is too long is cut and marked with its length', () => {
  const event = read({
    exception: { values: [{ type: 'T'.repeat(300), value: 'v'.repeat(9000) }] },
    tags: { long: 'x'.repeat(300), ['k'.repeat(40)]: 'gone' },
    release: 'r'.repeat(400),
  })
  const [exception] = event.exception!.values
  expect(exception!.type).toHaveLength(256)
  expect(exception!.value).toHaveLength(8192)
  expect(event.tags).toEqual({ long: 'x'.repeat(199) + '…' })
  expect(event.release).toHaveLength(250)
  expect(event._meta).toMatchObject({
    exception: { values: { 0: { value: { '': { len: 9000, rem: [['!limit', 's']] } } } } },
    tags: { long: { '': { len: 300 } }, ['k'.repeat(32)]: { '': { rem: [['!limit', 'x']] } } },
    release: { '': { len: 400 } },
  })
})

test('a cut never halves a character', () => {
  const { value } = oneException({ value: 'a' + '👍'.repeat(5000) })
  expect(value.isWellFormed()).toBe(true)
  expect(value).toMatch(/👍…$/u)
})

test('lone surrogates and __proto__ keys do no harm', () => {
  const event = read(
    JSON.parse(
      '{"extra":{"__proto__":{"polluted":1},"a\\ud800":"b\\udfff"},"tags":{"__proto__":"x","constructor":"y"},"_meta":{"__proto__":{"polluted":1}}}',
    ),
  )
  expect(event.extra).toEqual({ 'a\ufffd': 'b\ufffd' })
  expect(Object.entries(event.tags!)).toEqual([['constructor', 'y']])
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test('of many frames, breadcrumbs and exceptions the ones next to the error are kept', () => {
  const frames = Array.from({ length: 120 }, (_, at) => ({ function: `f${at}`, lineno: at + 1 }))
  const event = read({
    breadcrumbs: Array.from({ length: 150 }, (_, n) => ({ message: `crumb ${n}` })),
    exception: {
      values: Array.from({ length: 60 }, (_, n) => ({
        type: `E${n}`,
        ...(n === 59 && { stacktrace: { frames } }),
      })),
    },
  })
  expect(event.breadcrumbs).toHaveLength(100)
  expect(event.breadcrumbs?.at(-1)?.message).toBe('crumb 149')
  expect(event.exception?.values).toHaveLength(50)
  const last = event.exception!.values.at(-1)!
  expect(last.type).toBe('E59')
  expect(last.stacktrace?.frames).toHaveLength(100)
  expect(last.stacktrace?.frames.at(-1)?.function).toBe('f119')
  expect(event._meta).toMatchObject({
    breadcrumbs: { '': { len: 150 } },
    exception: { values: { '': { len: 60 }, 49: { stacktrace: { frames: { '': { len: 120 } } } } } },
  })
})

test('an event with many long stacks keeps the inner ends of all of them', () => {
  const frames = Array.from({ length: 100 }, (_, at) => ({
    function: `f${at}`,
    filename: 'https://a/x.js',
    lineno: at + 1,
  }))
  const event = read({
    message: 'kept',
    tags: { kept: 'yes' },
    exception: { values: Array.from({ length: 50 }, () => ({ type: 'E', stacktrace: { frames } })) },
  })
  expect(event).toMatchObject({ message: 'kept', tags: { kept: 'yes' } })
  expect(event.exception?.values).toHaveLength(50)
  expect(event.exception?.values.map(({ stacktrace }) => stacktrace?.frames.at(-1)?.function)).toEqual(
    Array(50).fill('f99'),
  )
  expect(Buffer.byteLength(JSON.stringify({ ...event, _meta: undefined }))).toBeLessThanOrEqual(
    MAX_EVENT_BYTES,
  )
})

test('data that is nested too deep ends in a label', () => {
  let deep: unknown = 'bottom'
  for (let n = 0; n < 50; n++) deep = { deep }
  expect(JSON.stringify(read({ extra: { deep } }).extra)).toContain('[Object]')
  const arrays = '['.repeat(200_000) + ']'.repeat(200_000)
  expect(parseText(`{"extra":{"a":${arrays}},"unknown":${arrays},"_meta":${arrays}}`)).toMatchObject({
    ok: true,
  })
})

test("older spellings of Sentry's SDKs are read", () => {
  expect(read({ exception: [{ type: 'A' }] }).exception?.values[0]?.type).toBe('A')
  expect(read({ exception: { type: 'B', value: 'b' } }).exception?.values[0]?.value).toBe('b')
  expect(read({ breadcrumbs: { values: [{ message: 'm' }] } }).breadcrumbs).toEqual([{ message: 'm' }])
  expect(read({ tags: [['a', 1], null, ['b', true]] }).tags).toEqual({ a: '1', b: 'true' })
  expect(read({ logentry: { message: 'hi %s', formatted: 'hi you' } }).message).toBe('hi you')
})

test('fields we do not know are kept', () => {
  const event = read({
    modules: { react: '19.0.0' },
    exception: {
      values: [{ type: 'E', thread_id: 3, stacktrace: { frames: [{ function: 'f', addr_mode: 'rel:1' }] } }],
    },
  })
  expect(event.modules).toEqual({ react: '19.0.0' })
  expect(event.exception?.values[0]).toMatchObject({
    thread_id: 3,
    stacktrace: { frames: [{ addr_mode: 'rel:1' }] },
  })
})

test('a frame has no position that cannot be', () => {
  const { stacktrace } = oneException({
    stacktrace: { frames: [null, 7, { lineno: 0, colno: '4', function: 12, in_app: 'yes' }] },
  })
  expect(stacktrace?.frames).toEqual([{ function: '12', in_app: true }])
})

test('the source around a frame is text, whatever was sent as it', () => {
  const [first, second] = oneException({
    stacktrace: {
      frames: [
        {
          pre_context: ['a', 7, null, { toString: 1 }],
          context_line: 'b',
          post_context: Array(30).fill('c'),
        },
        { pre_context: 'a', post_context: { length: 2 } },
      ],
    },
  }).stacktrace!.frames
  expect(first).toMatchObject({
    pre_context: ['a', '7', '', ''],
    context_line: 'b',
    post_context: Array(20).fill('c'),
  })
  expect(Object.keys(second!)).toEqual(['in_app'])
})

test('an event that is too large loses its largest things first, and says so', () => {
  const event = read({
    extra: { small: 'kept', large: Array.from({ length: 40 }, () => 'x'.repeat(8000)) },
    exception: { values: [{ type: 'E', value: 'v' }] },
  })
  expect(event.extra).toEqual({ small: 'kept' })
  expect(event._meta).toMatchObject({ extra: { large: { '': { rem: [['!limit', 'x']] } } } })
})

test('an event that is large everywhere keeps what names it', () => {
  const frames = Array.from({ length: 100 }, (_, n) => ({
    function: '€'.repeat(512),
    filename: '€'.repeat(2048),
    lineno: n + 1,
  }))
  const event = read({
    event_id: ID,
    message: '€'.repeat(8192),
    exception: {
      values: Array.from({ length: 30 }, () => ({
        type: 'E',
        value: '€'.repeat(8192),
        stacktrace: { frames },
      })),
    },
    tags: { a: 'b' },
  })
  expect(event.event_id).toBe(ID)
  expect(event.exception?.values.at(-1)?.stacktrace?.frames.at(-1)?.lineno).toBe(100)
  expect(event._meta?.['']).toEqual({ rem: [['!limit', 'x']] })
  expect(Buffer.byteLength(JSON.stringify({ ...event, _meta: undefined }))).toBeLessThanOrEqual(
    MAX_EVENT_BYTES,
  )
})

// Values that have broken parsers, in every place of an event; seeded, so that a failure is found again.
test('whatever is put where, the event is read, grouped and shown without a throw', () => {
  let seed = 42
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below
  const odd: unknown[] = [
    null,
    true,
    0,
    -1,
    1e308,
    '',
    'x',
    '\ud800',
    [],
    [null],
    {},
    { values: 7 },
    { values: [1] },
    { frames: {} },
    { '': '' },
    [[]],
    [['a']],
    { length: -1 },
    { toString: 1, toJSON: 2 },
    'a'.repeat(9000),
  ]
  const keys = [
    'event_id',
    'timestamp',
    'platform',
    'level',
    'message',
    'logentry',
    'exception',
    'breadcrumbs',
    'tags',
    'user',
    'request',
    'extra',
    'contexts',
    'fingerprint',
    'release',
    'sdk',
    'debug_meta',
    'threads',
    '_meta',
    'transaction',
  ]
  const inner = [
    'type',
    'value',
    'mechanism',
    'stacktrace',
    'data',
    'handled',
    'frames',
    'filename',
    'function',
    'lineno',
    'colno',
    'vars',
    'pre_context',
    'timestamp',
    'category',
    'images',
  ]
  const value = (depth: number): unknown => {
    if (depth === 0 || random(3) === 0) return odd[random(odd.length)]
    if (random(3) === 0) return [value(depth - 1), value(depth - 1)]
    return Object.fromEntries([0, 1, 2].map(() => [inner[random(inner.length)], value(depth - 1)]))
  }
  for (let run = 0; run < 3000; run++) {
    const input: Record<string, unknown> = Object.fromEntries(
      [0, 1, 2, 3].map(() => [keys[random(keys.length)], value(3)]),
    )
    if (random(2))
      input.exception = { values: [Object.fromEntries(inner.slice(0, 4).map(key => [key, value(3)]))] }
    const event = read(input, { sent_at: value(1), event_id: value(1) })
    const text = JSON.stringify([event, wantedFiles(event)])
    expect(text.isWellFormed()).toBe(true)
    expect(event.event_id).toMatch(/^[0-9a-f]{32}$/)
    expect(Number.isFinite(event.timestamp)).toBe(true)
    expect(groupOf(event).title).toBeTypeOf('string')
  }
})

// A card number, a token, a URL with a password and a key that says what it holds, in every place of an event.
test('secrets are taken out wherever they are', () => {
  const card = '4111 1111 1111 1111'
  const secret = `${card} Bearer abc.def-123 https://me:hunter2@shop.example/?token=hunter2`
  const secretKeys = { password: 'hunter2', nested: { apiKey: ['hunter2'], sessionId: { a: 'hunter2' } } }
  const event = read({
    message: secret,
    transaction: secret,
    release: secret,
    server_name: secret,
    logger: secret,
    fingerprint: [secret],
    tags: { plain: secret, auth_token: 'hunter2' },
    user: { id: secret, ...secretKeys },
    extra: { text: secret, number: 4111111111111111, list: [secret], ...secretKeys },
    contexts: { state: { text: secret, ...secretKeys } },
    request: {
      url: secret,
      query_string: 'token=hunter2&page=2',
      data: '{"password":"hunter2"}',
      headers: [['Authorization', 'hunter2']],
      cookies: { a: 'hunter2' },
      env: secretKeys,
    },
    breadcrumbs: [{ message: secret, category: secret, data: { url: secret, ...secretKeys } }],
    exception: {
      values: [
        {
          type: secret,
          value: secret,
          module: secret,
          mechanism: { type: 'onerror', data: { text: secret, ...secretKeys } },
          stacktrace: {
            frames: [
              {
                function: secret,
                filename: secret,
                abs_path: secret,
                context_line: secret,
                pre_context: [secret],
                vars: { text: secret, ...secretKeys },
              },
            ],
          },
        },
      ],
    },
    threads: { values: [{ name: secret, ...secretKeys }] },
    unknown: { text: secret, ...secretKeys },
    _meta: { message: { '': { rem: [['x', 's']], chunks: [secret] } } },
  })
  const text = JSON.stringify(event)
  for (const part of ['hunter2', '4111', 'abc.def']) expect(text).not.toContain(part)
  expect(event.extra).toMatchObject({ number: '[Filtered]', password: '[Filtered]' })
  expect(event.request).toMatchObject({
    query_string: 'token=[Filtered]&page=2',
    data: '{"password":"[Filtered]"}',
  })
})

test('a secret that the limit cuts in half is no less one', () => {
  const jwt = `eyJ${'a'.repeat(3000)}.eyJ${'b'.repeat(3000)}.${'c'.repeat(400)}`
  const event = read({ tags: { note: `t ${jwt}` }, message: `${'x '.repeat(4090)}${jwt}` })
  expect(event.tags).toEqual({ note: 't [Filtered]' })
  expect(event.message).not.toContain('eyJ')
})

test('names of packages are no secrets', () => {
  expect(read({ modules: { 'passport-jwt': '4.0.1', cookie: '1.0.2' } }).modules).toEqual({
    'passport-jwt': '4.0.1',
    cookie: '1.0.2',
  })
})
