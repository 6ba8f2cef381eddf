import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  aMetricItem,
  anEvent,
  aSessionItem,
  envelopeOf,
  envelopeOfItems,
  newDataDir,
  removeDataDir,
  repeatableRandom,
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

const post = async (...args: Parameters<typeof envelopeOfItems>) => {
  const response = await collector.post(envelopeOfItems(...args))
  expect(response.status).toBe(200)
  return response.json()
}
const pages = async (query = '') => (await collector.get(`/api/1/vitals${query}`)).pages

test('p75 is the weighted one, by page and metric', async () => {
  const light = [1, 2, 3, 4].map(n => ['LCP', '/a?utm=1', n * 1000] as [string, string, number])
  await post([aMetricItem(light)])
  await post([
    aMetricItem([
      ['LCP', '/b', 1000, 3],
      ['LCP', '/b', 9000, 1],
      ['INP', '/b', 80, 1],
    ]),
    aMetricItem([
      ['CLS', '/b', 0.02, 10],
      ['CLS', '/b', 0.4, 30],
    ]),
  ])
  expect(await pages()).toEqual([
    // The heaviest page first. 3 of 4 are 75 %, and reach it.
    { page: '/b', metric: 'CLS', p75: 0.4, unit: 'none', samples: 2, weight: 40 },
    { page: '/b', metric: 'INP', p75: 80, unit: 'millisecond', samples: 1, weight: 1 },
    { page: '/b', metric: 'LCP', p75: 1000, unit: 'millisecond', samples: 2, weight: 4 },
    { page: '/a', metric: 'LCP', p75: 3000, unit: 'millisecond', samples: 4, weight: 4 },
  ])
})

test('weights that do not add up in binary reach three quarters all the same', async () => {
  const third = 1 / 0.3
  await post([aMetricItem([1, 2, 3, 4].map(n => ['LCP', '/', n, third]))])
  expect(await pages()).toMatchObject([{ p75: 3 }])
})

test('a second delivery changes nothing, by the id of the envelope or else by its bytes', async () => {
  const item = aMetricItem([['LCP', '/', 1000]])
  await post([item], { ohnoes: { id: 'e1' } })
  await post([item], { ohnoes: { id: 'e1' }, sent_at: new Date().toISOString() })
  await post([item], { ohnoes: { id: 'e2' } })
  const other = aMetricItem([['LCP', '/', 2000]])
  await Promise.all([post([other]), post([other]), post([other])])
  expect(await pages()).toMatchObject([{ samples: 3 }])
  expect((await collector.get('/api/1/outcomes')).filtered).toEqual({ 'metric:duplicate': 3 })
})

test('of a value that went on after it was sent the latest stays, in whatever order they arrive', async () => {
  const startedS = Date.now() / 1000 - 60
  const postAsOf = (seconds: number) => {
    const [header, payload] = aMetricItem([['CLS', '/', seconds / 100]])
    const [item] = payload.items as Record<string, object>[]
    const attributes = { ...item!.attributes, id: { value: 'v6-1', type: 'string' } }
    return post([[header, { items: [{ ...item, timestamp: startedS + seconds, attributes }] }]])
  }
  await postAsOf(1)
  await postAsOf(2)
  expect(await pages()).toMatchObject([{ p75: 0.02, samples: 1 }])
  await Promise.all([3, 1, 2, 3].map(postAsOf))
  expect(await pages()).toMatchObject([{ p75: 0.03, samples: 1 }])
  // One 3 was new.
  expect((await collector.get('/api/1/outcomes')).filtered).toEqual({ 'metric:duplicate': 3 })
})

test('what was acknowledged is there after kill -9, and is still a duplicate', async () => {
  const item = aMetricItem([['LCP', '/', 1000]])
  await post([item])
  await collector.stop('SIGKILL')
  collector = await runCollector(dataDir)
  await post([item])
  expect(await pages()).toMatchObject([{ samples: 1 }])
})

test('vitals and a session ride with an event, and only the event is counted as one', async () => {
  const event = anEvent()
  const body = envelopeOf(event, { ohnoes: { sid: 's1' } })
  const rest = envelopeOfItems([aSessionItem({ sid: 's1' }), aMetricItem([['LCP', '/', 1]])])
  const response = await collector.post(`${body}\n${rest.slice(rest.indexOf('\n') + 1)}`)
  expect(await response.json()).toEqual({ id: event.event_id })
  expect(await pages()).toHaveLength(1)
  expect((await collector.get('/api/1/sessions')).releases).toHaveLength(1)
  expect(await collector.get('/api/1/outcomes')).toMatchObject({ accepted: 1, stored: 1, filtered: {} })
})

test('what is not ours or is broken is counted by reason, and the rest is stored', async () => {
  const [header, payload] = aMetricItem([['LCP', '/', 1000]])
  const items = [...(payload.items as object[]), { name: 'queue.depth' }, { ...{}, value: 1 }]
  expect(await post([[header, { version: 2, items }]])).toEqual({})
  await post([[header, 'nonsense']])
  expect(await pages()).toHaveLength(1)
  await expect
    .poll(() => collector.get('/api/1/outcomes'))
    .toMatchObject({
      accepted: 0,
      filtered: { 'metric:unknown_name': 1 },
      invalid: { invalid_metric: 1, invalid_metric_json: 1 },
    })
})

test('old vitals are out of the time asked for', async () => {
  const [header, payload] = aMetricItem([['LCP', '/', 1000]])
  const [item] = payload.items as Record<string, unknown>[]
  await post([[header, { items: [{ ...item, timestamp: Date.now() / 1000 - 10 * 86_400 }] }]])
  expect(await pages()).toEqual([])
  expect(await pages('?days=30')).toHaveLength(1)
})

test.each(['vitals', 'sessions'])('%s of no such days is a 400', async route => {
  for (const days of ['0', '91', '1.5', 'week', '-7']) {
    const response = await fetch(`${collector.url}/api/1/${route}?days=${days}`)
    expect([response.status, (await response.json()).error]).toEqual([400, 'invalid_days'])
  }
})

test('metric and session items at random never get a 500', async () => {
  const next = repeatableRandom(11)
  const random = (below: number) => Math.floor(next() * below)
  const odd: unknown[] = [
    null,
    -1,
    0,
    1e308,
    '',
    '__proto__',
    '\ud800',
    '\0',
    [],
    {},
    [[]],
    true,
    'x'.repeat(5000),
  ]
  const anOdd = () => odd[random(odd.length)]
  /** The same with one thing in it made odd, at any depth. */
  const spoil = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || random(4) === 0) return anOdd()
    const keys = Object.keys(value)
    const key = keys[random(keys.length)]
    if (key === undefined || random(8) === 0) return JSON.parse(`{"__proto__": ${JSON.stringify(anOdd())}}`)
    const copy = structuredClone(value) as Record<string, unknown>
    copy[key] = spoil(copy[key])
    return copy
  }
  for (let run = 0; run < 400; run++) {
    const [header, payload] = run % 2 ? aMetricItem([['LCP', '/', 1, 2]]) : aSessionItem({ ohnoes_p: 0.5 })
    const spoilt = JSON.stringify(spoil(payload)) ?? ''
    const text = run % 5 ? spoilt : spoilt.slice(0, random(spoilt.length + 1))
    const response = await collector.post(
      envelopeOfItems([[header, text]], { ohnoes: spoil({ id: 'x', sid: 'y' }) }),
    )
    expect([response.status, text]).toEqual([200, text])
  }
  const { invalid } = await collector.get('/api/1/outcomes')
  expect(Object.keys(invalid).length).toBeGreaterThan(8)
  await collector.get('/api/1/vitals')
  await collector.get('/api/1/sessions')
  expect((await fetch(`${collector.url}/projects/1/vitals`)).status).toBe(200)
  expect(collector.errors()).toBe('')
})

test('the page shows p75 with its rating, and the crash-free share with what it rests on', async () => {
  expect(await (await fetch(`${collector.url}/projects/1/vitals`)).text()).toContain('No session')
  await post([
    aMetricItem([
      ['LCP', '/<script>alert(1)</script>', 2600],
      ['INP', '/', 90],
      ['CLS', '/', 0.3],
    ]),
    aSessionItem({ status: 'crashed', attrs: { release: '<img src=x>' } }),
  ])
  const html = await (await fetch(`${collector.url}/projects/1/vitals`)).text()
  expect(html).toMatch(/2\.6 s<\/strong><span class="rating fair">needs improvement</)
  expect(html).toMatch(/90 ms<\/strong><span class="rating good">good</)
  expect(html).toMatch(/0\.30<\/strong><span class="rating poor">poor</)
  expect(html).toContain('1 of 1 crashed')
  expect(html).not.toMatch(/<script>|<img/)
  expect(await (await fetch(`${collector.url}/projects/1/groups`)).text()).toContain(
    'href="/projects/1/vitals"',
  )
})
