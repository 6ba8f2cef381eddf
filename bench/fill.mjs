// Fills a store up to a number of events, through the collector's own code but without HTTP.
import { parseEnvelope } from '../collector/dist/envelope.js'
import { openSqliteStore } from '../collector/dist/sqlite/store.js'
import { takeIn } from '../collector/dist/take-in.js'
import { envelopeOf } from './envelopes.mjs'

const BATCH = 500
const SPREAD_MS = 14 * 86_400_000

/**
 * The events are spread over two weeks.
 * @param {string} dataDir
 * @param {number} size
 */
export async function fill(dataDir, size) {
  const store = await openSqliteStore({ dataDir, log: entry => console.error(entry) })
  const [project] = await store.projects()
  const storedSoFar = async () =>
    (await store.outcomes('1')).find(({ kind }) => kind === 'stored')?.quantity ?? 0
  const startedMs = performance.now()
  const from = await storedSoFar()
  for (let n = from; n < size; n += BATCH) {
    const writes = Array.from({ length: Math.min(BATCH, size - n) }, (_, at) => writeOf(n + at, project))
    const written = await Promise.all(writes.map(write => store.write(write)))
    if (!written.every(({ ok }) => ok)) throw new Error('The store takes no more.')
  }
  const seconds = (performance.now() - startedMs) / 1000
  if (from < size)
    console.log(`filled from ${from} to ${size} events at ${Math.round((size - from) / seconds)}/s`)
  await store.close()
}

function writeOf(n, project) {
  const { envelope } = parseEnvelope(Buffer.from(envelopeOf(n, 0xff).text))
  // As if it had come then.
  const receivedMs = Date.now() - (((n * 2654435761) % 2 ** 32) / 2 ** 32) * SPREAD_MS
  const { write } = takeIn({
    envelope: { ...envelope, header: { ...envelope.header, sent_at: undefined } },
    project,
    key: 'demo',
    isEventless: false,
    maxRate: 1,
    judge: () => ({ isShed: false, rate: 1 }),
    userAgent: '',
    receivedMs: Math.round(receivedMs),
  })
  for (const event of write.events) event.timestampMs = Math.round(receivedMs)
  return write
}
