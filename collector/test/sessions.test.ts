import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  aSessionItem,
  envelopeOfItems,
  newDataDir,
  removeDataDir,
  runCollector,
  type RunningCollector,
} from './running-collector.ts'

let dataDir: string
let collector: RunningCollector
beforeEach(async () => {
  dataDir = await newDataDir()
  collector = await runCollector(dataDir)
})
afterEach(async () => {
  await collector.stop('SIGKILL')
  await removeDataDir(dataDir)
})

const post = async (...items: ReturnType<typeof aSessionItem>[]) => {
  // An envelope takes 20 items.
  for (let at = 0; at < items.length; at += 20)
    expect((await collector.post(envelopeOfItems(items.slice(at, at + 20)))).status).toBe(200)
}
const times = (count: number, fields: Record<string, unknown>) =>
  Array.from({ length: count }, () => aSessionItem(fields))
const sessions = () => collector.get('/api/1/sessions')
const exactly = (count: number) => ({ estimate: count, low: count, high: count, exact: true })
const today = () => new Date().toISOString().slice(0, 10)

test('the crash-free share is weighted, by release and by day, with what it rests on', async () => {
  await post(
    ...times(9, { ohnoes_p: 0.01 }),
    ...times(1, { ohnoes_p: 0.01, status: 'crashed', errors: 1 }),
    ...times(2, { attrs: { release: 'shop@2' }, status: 'exited' }),
    ...times(2, { attrs: { release: 'shop@2' }, status: 'exited', errors: 3 }),
    ...times(1, { attrs: {}, status: 'abnormal' }),
  )
  const { releases, days } = await sessions()
  const sampled = {
    sessions: { estimate: 1000, low: 479, high: 1840, exact: false },
    crashed: { estimate: 100, low: 2, high: 558, exact: false },
    crash_free: 0.9,
    kept: { sessions: 10, errored: 0, abnormal: 0, crashed: 1 },
  }
  const whole = {
    sessions: exactly(4),
    crashed: exactly(0),
    crash_free: 1,
    kept: { sessions: 4, errored: 2, abnormal: 0, crashed: 0 },
  }
  const nameless = {
    sessions: exactly(1),
    crashed: exactly(0),
    crash_free: 1,
    kept: { sessions: 1, errored: 0, abnormal: 1, crashed: 0 },
  }
  expect(releases).toEqual([
    { release: 'shop@1', ...sampled, days: [{ day: today(), ...sampled }] },
    { release: 'shop@2', ...whole, days: [{ day: today(), ...whole }] },
    { release: null, ...nameless, days: [{ day: today(), ...nameless }] },
  ])
  expect(days).toMatchObject([
    { day: today(), sessions: { estimate: 1005 }, kept: { sessions: 15, crashed: 1 } },
  ])
  expect(days[0].crash_free).toBeCloseTo(1 - 100 / 1005, 12)
})

test('of several updates of a session the worst status stays, in any order and however often they come', async () => {
  const updates = [
    { status: 'ok', timestamp: '2026-01-01T00:00:00Z' },
    { status: 'crashed', errors: 1, timestamp: '2026-01-01T00:00:05Z' },
    { status: 'exited', errors: 1, timestamp: '2026-01-01T00:00:09Z' },
  ]
  const orders = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2, 2, 1, 0],
  ]
  for (const [index, order] of orders.entries())
    for (const at of order) await post(aSessionItem({ ...updates[at], sid: `order ${index}`, ohnoes_p: 0.5 }))
  const { releases } = await sessions()
  expect(releases).toMatchObject([
    { crash_free: 0, sessions: { estimate: 6 }, kept: { sessions: 3, crashed: 3 } },
  ])
})

test('the latest update says which release it was', async () => {
  const at = (seconds: number) => new Date(Date.now() - 100_000 + seconds * 1000).toISOString()
  const attrs = (release?: string) => ({ attrs: { release } })
  await post(
    aSessionItem({ sid: 'x', timestamp: at(5), ...attrs('new') }),
    aSessionItem({ sid: 'x', timestamp: at(1), ...attrs('old') }),
    aSessionItem({ sid: 'x', timestamp: at(9), ...attrs() }),
  )
  expect((await sessions()).releases).toMatchObject([{ release: 'new', kept: { sessions: 1 } }])
})

test('what was acknowledged is there after kill -9, and takes updates', async () => {
  await post(aSessionItem({ sid: 'x' }))
  await collector.stop('SIGKILL')
  collector = await runCollector(dataDir)
  expect((await sessions()).releases).toMatchObject([{ crash_free: 1 }])
  await post(aSessionItem({ sid: 'x', status: 'crashed' }))
  expect((await sessions()).releases).toMatchObject([{ crash_free: 0, kept: { sessions: 1 } }])
})

test('a session belongs to the day it started on', async () => {
  const started = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
  await post(
    aSessionItem({ started: started(2) }),
    aSessionItem({ started: started(0) }),
    aSessionItem({ started: started(20) }),
  )
  const { days, since } = await sessions()
  expect(days.map(({ day }: { day: string }) => day)).toEqual([started(2).slice(0, 10), today()])
  expect(since % 86_400).toBe(0)
})

test('sessions that a server has added up are counted with the others, and once', async () => {
  const started = new Date().toISOString()
  const counts = {
    aggregates: [{ started, exited: 7, errored: 2, crashed: 1 }],
    attrs: { release: 'shop@1' },
  }
  const header = { sent_at: started }
  for (let time = 0; time < 2; time++)
    await collector.post(envelopeOfItems([[{ type: 'sessions' }, counts]], header))
  await post(aSessionItem({ status: 'crashed' }))
  expect((await sessions()).releases).toMatchObject([
    {
      release: 'shop@1',
      sessions: exactly(11),
      crashed: exactly(2),
      kept: { sessions: 11, errored: 2, crashed: 2 },
    },
  ])
  await collector.post(envelopeOfItems([[{ type: 'sessions' }, { aggregates: 'many' }]]))
  await expect
    .poll(async () => (await collector.get('/api/1/outcomes')).invalid)
    .toEqual({ invalid_sessions: 1 })
})

test('a broken session is counted by reason', async () => {
  await post(aSessionItem({ sid: 7 }), aSessionItem({ ohnoes_p: 2 }), aSessionItem({ status: 'fine' }))
  await expect
    .poll(async () => (await collector.get('/api/1/outcomes')).invalid)
    .toEqual({ invalid_session_sid: 1, invalid_session_rate: 1, invalid_session_status: 1 })
  expect((await sessions()).releases).toEqual([])
})
