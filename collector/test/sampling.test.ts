import { keep, threshold } from 'ohnoes/sampling'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_SETTINGS } from '../src/project.ts'
import { createSampling } from '../src/sampling.ts'
import type { Store } from '../src/store.ts'
import {
  anEvent,
  envelopeOf,
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

const groupOf = async (fingerprint: string): Promise<any> => {
  const { groups } = await collector.get('/api/1/groups')
  return groups.find((group: any) => group.title.includes(fingerprint))
}
const error = (name: string, fields = {}) =>
  anEvent({
    fingerprint: [name],
    exception: { values: [{ type: 'Error', value: name }] },
    timestamp: Date.now() / 1000,
    ...fields,
  })

test('of a thousand sessions a tenth is stored, and the estimates hold them all', async () => {
  const fp = '0123456789abcdef'
  const sids = Array.from({ length: 1000 }, (_, i) => `session ${i}`).filter(sid => keep(sid, fp, 0.1))
  for (const sid of sids)
    await collector.post(
      envelopeOf(error('a tenth'), { ohnoes: { sid, fp, u: threshold(sid, fp), p: 0.1, n: 3 } }),
    )
  const { occurrences, sessions } = await groupOf('a tenth')
  // So many at once may be sampled further by the collector: no luck of 1 in 20, three times the interval.
  expect(sessions).toMatchObject({ exact: false })
  expect(Math.abs(sessions.estimate - 1000)).toBeLessThan(1.5 * (sessions.high - sessions.low))
  expect(Math.abs(occurrences.estimate - 3 * sessions.estimate)).toBeLessThan(3)
  const page = await (await fetch(`${collector.url}/projects/1/groups`)).text()
  expect(page).toMatch(/≈ [\d,]+ ± \d+ %/)
})

test('who claims a rate that cannot have kept it counts for one, and the event says so', async () => {
  const ohnoes = { sid: 'a', fp: 'b0a57e1b0a57e100', u: 0, p: 1e-6, n: 1e9 }
  const event = error('boaster')
  await collector.post(envelopeOf(event, { ohnoes }))
  const { occurrences, sessions } = await groupOf('boaster')
  expect(sessions).toEqual({ estimate: 1, low: 1, high: 1, exact: true })
  expect(occurrences.estimate).toBe(100_000)
  const stored: any = await collector.get(`/api/1/events/${event.event_id}`)
  expect(stored._meta.ohnoes['']).toEqual({ rem: [['!claim', 's']] })
})

test('what storm control held back is counted with its events, however often it is delivered', async () => {
  const ohnoes = { sid: 'b', fp: 'fedcba9876543210', u: threshold('b', 'fedcba9876543210'), p: 1, n: 1 }
  await collector.post(envelopeOf(error('storm'), { ohnoes }))
  const rows = [
    { fp: ohnoes.fp, u: ohnoes.u, p: 1, n: 99 },
    { p: 1, n: 5 },
  ]
  const counts = JSON.stringify({ id: 'c'.repeat(32), sid: 'b', rows })
  for (let i = 0; i < 2; i++) await collector.post(`{}\n{"type":"ohnoes_counts"}\n${counts}`)
  const { occurrences, sessions } = await groupOf('storm')
  expect([occurrences, sessions]).toMatchObject([
    { estimate: 100, exact: true },
    { estimate: 1, exact: true },
  ])
  expect(await collector.get('/api/1/outcomes')).toMatchObject({ client: { unattributed: 5 }, invalid: {} })
})

test('counts that make no sense are invalid, and take nothing with them', async () => {
  const before: any = await collector.get('/api/1/outcomes')
  for (const payload of ['1', '{"id":"x"}', '{"id":"x","sid":"y","rows":{}}'])
    await collector.post(`{}\n{"type":"ohnoes_counts"}\n${payload}`)
  await expect
    .poll(async () => ((await collector.get('/api/1/outcomes')) as any).invalid.invalid_counts)
    .toBe((before.invalid.invalid_counts ?? 0) + 3)
})

test('the rates are for any page that has a key, and for caches', async () => {
  const url = `${collector.url}/api/1/sampling`
  const response = await fetch(`${url}?sentry_key=demo`, { headers: { origin: 'https://shop.example' } })
  expect(await response.json()).toMatchObject({ v: 1, ttl: expect.any(Number), default: 1 })
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=10',
    etag: expect.stringMatching(/^(W\/)?"/),
  })
  const headers = { 'if-none-match': response.headers.get('etag')! }
  expect((await fetch(`${url}?sentry_key=demo`, { headers })).status).toBe(304)
  expect((await fetch(url)).status).toBe(403)
})

test('what one error sends too much of is shed by its threshold, and the estimates hold all of it', async () => {
  const fp = 'aaaabbbbccccdddd'
  const rules = async (): Promise<any> => collector.get('/api/1/sampling?sentry_key=demo')
  const sids = Array.from({ length: 1500 }, (_, i) => `visitor ${i}`)
  const post = (sid: string) =>
    collector.post(envelopeOf(error('flood'), { ohnoes: { sid, fp, u: threshold(sid, fp), p: 1, n: 1 } }))
  /** As few at a time as connections stay in use. */
  const postAll = async (sids: string[]): Promise<number[]> => {
    const statuses: number[] = []
    for (let i = 0; i < sids.length; i += 20)
      statuses.push(...(await Promise.all(sids.slice(i, i + 20).map(async sid => (await post(sid)).status))))
    return statuses
  }
  await postAll(sids.slice(0, 1000))
  await expect.poll(async () => (await rules()).rates[fp] ?? 1).toBeLessThan(1)
  const statuses = await postAll(sids.slice(1000))
  expect(new Set(statuses)).toEqual(new Set([200]))
  await expect.poll(async () => (await collector.get('/api/1/outcomes')).shed).toBeGreaterThan(0)
  const { sessions, occurrences } = await groupOf('flood')
  expect(sessions).toMatchObject({ exact: false })
  // The rate hangs on the clock, so no luck of 1 in 20: three times the interval.
  expect(Math.abs(sessions.estimate - 1500)).toBeLessThan(1.5 * (sessions.high - sessions.low))
  expect(occurrences).toEqual(sessions)
})

test.for([
  { reports: 0, sheds: false },
  { reports: 500, sheds: true },
])(
  'a process that lags with $reports reports a second sheds some of them: $sheds',
  async ({ reports, sheds }) => {
    let looks = 0
    // Only what a look at the load asks for.
    const store = {
      addArrivals: async () => {},
      arrivals: async () => (looks++, { hottest: [], total: { current: 0, previous: 0, all: 0 } }),
      condition: async () => ({ queuedBytes: 0 }),
    } as unknown as Store
    const sampling = createSampling({ store, now: Date.now, log: () => {} })
    const project = { id: '1', name: 'Busy', createdMs: 0, keys: [], settings: DEFAULT_SETTINGS }
    const header = { sid: 'a', fp: '0123456789abcdef', p: 1, n: 1 }
    try {
      sampling.judge(project, header)
      // At its first look the process may just have got busy.
      while (looks < 3) {
        for (let n = 0; n < reports; n++) sampling.judgeEvent(project, header)
        const untilMs = performance.now() + 300
        while (performance.now() < untilMs);
        await new Promise(setImmediate)
      }
      expect(sampling.judge(project, header).rate < 1).toBe(sheds)
    } finally {
      sampling.close()
    }
  },
)
