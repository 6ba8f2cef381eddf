import { readFileSync } from 'node:fs'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anEvent,
  aMetricItem,
  aSessionItem,
  envelopeOfItems,
  IS_PROOF,
  newDataDir,
  removeDataDir,
  repeatableRandom,
  runCollector,
  runCommand,
  type RunningCollector,
} from './running-collector.ts'

// `npm run fuzz` is this with 100,000 envelopes and another seed each time.
const ENVELOPES = IS_PROOF ? 100_000 : 1000
const SEED = IS_PROOF ? Date.now() % 2 ** 31 : 20261123
const SENDERS = 16
/** Of the events that were accepted, every so many is looked at as a page, too; all are as JSON. */
const PAGE_EVERY = IS_PROOF ? 25 : 5
const MAX_GROWTH_MB = 120

let dataDir: string
let collector: RunningCollector
beforeAll(async () => {
  dataDir = await newDataDir()
  collector = await runCollector(dataDir)
  await runCommand(dataDir, ['project', 'set', '1', '--events-per-client-per-hour', 'none'])
  await collector.stop('SIGTERM')
  collector = await runCollector(dataDir)
})
afterAll(async () => {
  await collector.stop('SIGTERM')
  await removeDataDir(dataDir)
})

type Random = (below: number) => number

/** Values that have broken parsers. */
const ODD: unknown[] = [
  null, true, false, 0, -0, -1, 0.1, 1e21, 1e308, -1e308, 2 ** 53, 2 ** 63, 1e-300, '', ' ', 'x', '\0', '\ud800', '\udfff\ud800',
  '\u2028', '\ufeff', '<script>alert(1)</script>', '../../etc/passwd', '%00', "'; DROP TABLE events; --", 'NaN', '__proto__', 'constructor',
  [], [[]], [null], [[], {}], ['a', 'b'], {}, { '': '' }, { values: 7 }, { values: [1, null, 'x'] }, { frames: {} }, { length: -1 },
  { toString: 1, toJSON: 2 }, { __proto__: null }, 'a'.repeat(9000), '👍'.repeat(3000), '['.repeat(500), 'eyJ'.repeat(2000), '1 '.repeat(2000),
  Array(300).fill('x'), Array(200).fill({ a: 1 }), '2026-13-45T99:99:99Z', '9999999999999', -62135596800, '{{auto}}', '{{ default }}',
] // prettier-ignore

const FRAMES = Array.from({ length: 6 }, (_, at) => ({
  function: `f${at}`,
  filename: 'https://shop.example/assets/cart-B8kd93Zq.js',
  lineno: 1,
  colno: at + 1,
  in_app: at > 1,
  pre_context: ['function f() {'],
  context_line: '  throw x',
  post_context: ['}'],
  vars: { count: at },
}))

/** An envelope of everything that is read, as a list of parts. */
const wholeItems = (): [Record<string, unknown>, unknown][] => [
  [
    { type: 'event' },
    anEvent({
      level: 'error',
      release: 'shop@1',
      dist: '7',
      environment: 'production',
      transaction: '/cart',
      server_name: 'a',
      logger: 'b',
      sdk: { name: 'ohnoes', version: '0.1.0', packages: [{ name: 'npm:x', version: '1' }] },
      exception: {
        values: [
          { type: 'Error', value: 'cause', stacktrace: { frames: FRAMES } },
          {
            type: 'TypeError',
            value: 'x is not a function',
            mechanism: { type: 'onerror', handled: false, exception_id: 0, parent_id: 1, data: { a: 1 } },
            stacktrace: { frames: FRAMES },
          },
        ],
      },
      breadcrumbs: [
        {
          timestamp: Date.now() / 1000,
          category: 'fetch',
          message: 'GET /',
          data: { url: '/' },
          level: 'info',
        },
      ],
      tags: { plan: 'pro', page: 'cart' },
      user: { id: 7, email: 'a@shop.example', username: 'ann', ip_address: '{{auto}}' },
      request: {
        url: 'https://shop.example/?a=1',
        headers: { 'User-Agent': 'Firefox/153.0' },
        query_string: [['a', 'b']],
      },
      contexts: { trace: { trace_id: 'b'.repeat(32) }, culture: { locale: 'de' } },
      extra: { state: { deep: [1, { a: 2 }] } },
      fingerprint: ['{{ default }}', 'x'],
      modules: { vue: '3' },
      debug_meta: { images: [{ type: 'sourcemap', code_file: 'https://a/x.js', debug_id: 'c'.repeat(32) }] },
      _meta: { message: { '': { rem: [['!limit', 's']], len: 9 } } },
      threads: { values: [{ id: 1, stacktrace: { frames: FRAMES } }] },
    }),
  ],
  [
    { type: 'feedback' },
    anEvent({ contexts: { feedback: { message: 'hi', contact_email: 'a@b.example' } } }),
  ],
  [{ type: 'user_report' }, { event_id: 'a'.repeat(32), name: 'Ann', email: 'a@b.example', comments: 'hi' }],
  aSessionItem(),
  [
    { type: 'sessions' },
    { aggregates: [{ started: '2026-11-23T00:00:00Z', exited: 2, crashed: 1 }], attrs: { release: 'r' } },
  ],
  aMetricItem([['LCP', '/cart', 1000]]),
  [
    { type: 'client_report' },
    { discarded_events: [{ reason: 'before_send', category: 'error', quantity: 1 }] },
  ],
  [{ type: 'transaction' }, { spans: [] }],
]

const wholeHeader = (): Record<string, unknown> => ({
  event_id: 'd'.repeat(32),
  sent_at: new Date().toISOString(),
  dsn: 'http://demo@127.0.0.1:4400/1',
  sdk: { name: 'x', version: '1' },
  ohnoes: { id: 'e'.repeat(32), sid: 's', fp: 'f', u: 0.5, p: 1, n: 1 },
})

/** A copy of the value with something else at one of its places. */
function withOddPlace(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random(6) === 0) return ODD[random(ODD.length)]
  if (Array.isArray(value)) {
    const at = random(value.length + 1)
    return Object.assign([...value], { [at]: withOddPlace(value[at], random) })
  }
  const keys = Object.keys(value)
  const key = random(8) ? keys[random(keys.length)] : JSON.stringify(ODD[random(ODD.length)])
  return key === undefined ? value : { ...value, [key]: withOddPlace((value as any)[key], random) }
}

function nested(random: Random): string {
  const depth = 1 + random(20_000)
  return random(2) ? '['.repeat(depth) + ']'.repeat(depth) : '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)
}

/** Texts that no JSON.stringify makes: keys twice, numbers out of any range, halves of characters. */
function withOddText(text: string, random: Random): string {
  const keys = [...text.matchAll(/"(\w+)":/g)]
  const key = keys[random(keys.length)]
  if (!key) return text
  const odd = [
    () => `"${key[1]}":${JSON.stringify(ODD[random(ODD.length)])},${key[0]}`,
    () => `"${key[1]}":1e999999,${key[0]}`,
    () => `"${key[1]}":${'9'.repeat(random(400) + 1)},${key[0]}`,
    () => `"${key[1]}":"\\ud83d",${key[0]}`,
    () => `"__proto__":{"polluted":true},${key[0]}`,
    () => `"${key[1]}":${nested(random)},${key[0]}`,
  ]
  return text.slice(0, key.index) + odd[random(odd.length)]!() + text.slice(key.index + key[0].length)
}

function mutate(random: Random): Buffer {
  let items = wholeItems().filter(() => random(3) === 0)
  if (!items.length) items = [wholeItems()[random(3)]!]
  let header = wholeHeader()
  for (let change = random(4); change > 0; change--) {
    const at = random(items.length + 1)
    const item = items[at]
    if (!item) header = withOddPlace(header, random) as Record<string, unknown>
    else if (random(4)) items[at] = [item[0], withOddPlace(item[1], random)]
    else items[at] = [withOddPlace(item[0], random) as Record<string, unknown>, item[1]]
  }
  if (random(4) === 0)
    // Copies: a header may be one of ODD by now.
    items = items.map(([itemHeader, payload]) => [
      { ...itemHeader, length: [0, 1, 7, 1e9, -1, 1.5, '3', null][random(8)] },
      payload,
    ])
  let text = envelopeOfItems(items, header)
  for (let change = random(3); change > 0; change--) text = withOddText(text, random)
  let bytes = Buffer.from(text)
  const wreck = [
    () => bytes.subarray(0, random(bytes.length + 1)),
    () => Buffer.concat([bytes.subarray(0, random(bytes.length)), bytes.subarray(random(bytes.length))]),
    () => {
      for (let n = 0; n <= random(8); n++) bytes[random(bytes.length)] = random(256)
      return bytes
    },
  ]
  if (random(3) === 0) bytes = wreck[random(wreck.length)]!()
  return bytes
}

const ENCODINGS: [string, (bytes: Buffer) => Buffer][] = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', bytes => brotliCompressSync(bytes, { params: { 1: 1 } })],
]

async function send(random: Random): Promise<{ status: number; id: string | undefined }> {
  let body = mutate(random)
  const [encoding, compress] = ENCODINGS[random(30)] ?? []
  if (compress) body = compress(body)
  if (compress && random(4) === 0) body = body.subarray(0, random(body.length))
  const headers: Record<string, string> = encoding ? { 'content-encoding': encoding } : {}
  const response = await collector.post(new Uint8Array(body), { headers })
  const answer = await response.json()
  return { status: response.status, id: response.status === 200 ? answer.id : undefined }
}

const residentMb = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${collector.process.pid}/status`, 'utf8'))?.[1]) / 1024

test(
  `${ENVELOPES} mutated envelopes are taken or refused, and what is taken can be shown (seed ${SEED})`,
  async () => {
    const next = repeatableRandom(SEED)
    const random: Random = below => Math.floor(next() * below)
    const statuses: Record<number, number> = {}
    let sent = 0
    let shown = 0
    let warmMb = 0
    const sender = async (): Promise<void> => {
      while (sent < ENVELOPES) {
        if (++sent === Math.ceil(ENVELOPES / 10)) warmMb = residentMb()
        const { status, id } = await send(random)
        statuses[status] = (statuses[status] ?? 0) + 1
        // An envelope whose event was a duplicate, or of which only the header's id is known, has none to show.
        const response = id && (await fetch(`${collector.url}/api/1/events/${id}`))
        if (!response || response.status === 404) continue
        const text = await response.text()
        expect([response.status, text.isWellFormed()]).toEqual([200, true])
        expect(JSON.parse(text).event_id).toBe(id)
        if (shown++ % PAGE_EVERY) continue
        for (const form of ['', '.md']) {
          const page = await fetch(`${collector.url}/projects/1/events/${id}${form}`)
          expect([id, form, page.status]).toEqual([id, form, 200])
          if (!form) expect(await page.text()).not.toContain('<script>alert')
        }
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, sender))

    const grownMb = residentMb() - warmMb
    if (IS_PROOF)
      console.log(
        `${sent} sent: ${JSON.stringify(statuses)}; ${shown} shown; ${warmMb.toFixed(0)} MB resident after a tenth, ${grownMb.toFixed(0)} MB more at the end`,
      )
    expect(collector.errors()).toBe('')
    expect(Object.keys(statuses).filter(status => !['200', '400', '413'].includes(status))).toEqual([])
    // Both happen a lot, or the mutations are of no use. A busy machine sheds some of what would be shown.
    for (const status of [200, 400]) expect(statuses[status]).toBeGreaterThan(ENVELOPES / 10)
    expect(shown).toBeGreaterThan(ENVELOPES / 50)
    expect(grownMb).toBeLessThan(MAX_GROWTH_MB)
    expect((await fetch(`${collector.url}/projects/1/groups`)).status).toBe(200)
  },
  ENVELOPES * 60,
)
