// How long the pages of the dashboard wait for the store as it grows: npm run bench -- groups [events …]
// Fills a store with events of 5,000 groups through the collector's own code, and at each size asks what the pages ask,
// once with nothing else to do and once while events keep coming.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEvent } from '../collector/dist/event.js'
import { groupsRequestOf } from '../collector/dist/groups-request.js'
import { newEventOf } from '../collector/dist/new-event.js'
import { createScrubber } from '../collector/dist/scrub.js'
import { openSqliteStore } from '../collector/dist/sqlite/store.js'
import { random } from './envelopes.mjs'

const GROUPS = 5000
const BATCH = 200
const RUNS = 60
const DAYS = 14
const DAY_MS = 86_400_000
const nowMs = Date.now()
const sizes = process.argv.slice(3).map(Number)
if (!sizes.length) sizes.push(100_000, 300_000, 1_000_000)

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.2 Mobile/15E148 Safari/604.1',
]

const scrubber = createScrubber([])
const dataDir = await mkdtemp(join(tmpdir(), 'ohnoes-bench-'))
const store = await openSqliteStore({ dataDir, log: entry => console.error(entry) })
try {
  let stored = 0
  for (const size of sizes) {
    const startedMs = performance.now()
    const from = stored
    for (; stored < size; stored += BATCH) await storeBatch(stored)
    const seconds = (performance.now() - startedMs) / 1000
    const { size: bytes } = await stat(join(dataDir, 'ohnoes.db'))
    console.log(
      `\n${size.toLocaleString('en')} events, ${(bytes / 2 ** 20).toFixed(0)} MB` +
        ` (the last ${(size - from).toLocaleString('en')} at ${Math.round((size - from) / seconds)}/s)`,
    )
    await report('idle', () => {})
    let isOver = false
    const ingest = async () => {
      while (!isOver) await storeBatch((stored += BATCH))
    }
    const writing = ingest()
    await report('while events come', () => (isOver = true))
    await writing
  }
} finally {
  await store.close()
  await rm(dataDir, { recursive: true })
}

async function storeBatch(from) {
  const events = Array.from({ length: BATCH }, (_, n) => eventOf(from + n))
  const written = await store.write({ project: '1', events, outcomes: [] })
  if (!written.ok) throw new Error(written.reason)
}

/** The nth event: a few groups have most of them, each has three builds, and one in five comes from a session seen before. */
function eventOf(n) {
  const group = Math.floor(GROUPS ** random(n, 1)) - 1
  const build = Math.floor(random(n, 2) * 3)
  const frames = Array.from({ length: 12 }, (_, at) => ({
    function: `f${group % (at + 7)}`,
    filename: `https://shop.example/assets/${['cart', 'pay', 'list'][at % 3]}-B8kd93Z${build}.js`,
    lineno: 1,
    colno: group * 10 + at,
    in_app: at > 2,
  }))
  const payload = {
    event_id: n.toString(16).padStart(32, '0'),
    timestamp: (nowMs - random(n, 3) * DAYS * DAY_MS) / 1000,
    platform: 'javascript',
    release: `shop@${build}`,
    environment: 'production',
    exception: {
      values: [{ type: 'TypeError', value: `group ${group} is undefined`, stacktrace: { frames } }],
    },
    fingerprint: ['{{ default }}', `group ${group}`],
    tags: { plan: ['free', 'pro'][n % 2], locale: ['en', 'de', 'fr'][n % 3] },
    request: { url: `https://shop.example/${group % 20}`, headers: { 'User-Agent': AGENTS[n % 3] } },
    breadcrumbs: Array.from({ length: 8 }, (_, at) => ({
      category: 'fetch',
      message: `GET /api/${at}`,
      timestamp: nowMs / 1000,
    })),
  }
  const parsed = parseEvent(Buffer.from(JSON.stringify(payload)), { header: {}, receivedMs: nowMs, scrubber })
  return newEventOf(parsed.event, {
    receivedMs: nowMs,
    session: `s${n % 5 ? n : Math.floor(random(n, 4) * 1000)}`,
  })
}

async function report(title, done) {
  const list = query => () => store.groups('1', groupsRequestOf(query, nowMs))
  const [largest] = (await list({ sort: 'events', limit: '1' })()).rows
  const { rows } = await store.groupEvents('1', largest.id, { after: null, limit: 1 })
  const questions = {
    'group list': list({ query: 'is:open' }),
    'group list, 14 days': list({ query: 'is:open', span: '14d' }),
    'group list, by events': list({ query: 'is:open', sort: 'events' }),
    'group list, a word': list({ query: 'is:open 4711' }),
    'group list, browser and tag': list({ query: 'is:open browser:firefox plan:pro' }),
    'the largest group': () => store.group('1', largest.id),
    'its events': () => store.groupEvents('1', largest.id, { after: null, limit: 50 }),
    'first, previous, next, last': () => store.neighbours('1', largest.id, rows[0].eventId),
  }
  console.log(`  ${title.padEnd(32)}    p50      p95`)
  for (const [name, ask] of Object.entries(questions)) {
    const times = []
    for (let run = 0; run < RUNS; run++) {
      const startedMs = performance.now()
      await ask()
      times.push(performance.now() - startedMs)
    }
    times.sort((a, b) => a - b)
    const at = share => `${times[Math.floor(share * (RUNS - 1))].toFixed(1)} ms`.padStart(9)
    console.log(`    ${name.padEnd(30)}${at(0.5)}${at(0.95)}`)
  }
  done()
}
