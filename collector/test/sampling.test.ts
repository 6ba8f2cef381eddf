import { keep, threshold } from 'ohnoes/sampling'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
  expect(sessions).toMatchObject({ estimate: sids.length * 10, exact: false })
  expect(sessions.low).toBeLessThan(1000)
  expect(sessions.high).toBeGreaterThan(1000)
  expect(occurrences.estimate).toBe(sids.length * 30)
  expect([occurrences.low < 3000, occurrences.high > 3000]).toEqual([true, true])
  const page = await (await fetch(`${collector.url}/projects/1/groups`)).text()
  expect(page).toMatch(/≈ [\d,]+ ± \d+ %/)
})

test('who claims a rate that cannot have kept it counts for one, and the event says so', async () => {
  const ohnoes = { sid: 'a', fp: '0123456789abcdef', u: 0, p: 1e-6, n: 1e9 }
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
