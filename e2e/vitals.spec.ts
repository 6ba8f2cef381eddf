// dist/vitals.js by itself; then with the bundle, into the collector.

import { rm } from 'node:fs/promises'
import { expect, test, type Engine, type Tab } from './browser.ts'
import { startChild } from './child.mjs'
import { readyEngine } from './engines.mjs'
import { visit, type Values } from './measured-page.ts'
import type { PageServer } from './server.ts'
import { attachColumn } from './table-reporter.ts'

const NAMES = ['TTFB', 'FCP', 'LCP', 'CLS', 'INP'] as const

/** A metric as it was sent, its attributes beside the rest. */
interface Sent {
  name: (typeof NAMES)[number]
  value: number
  timestamp: number
  trace_id: string
  id: string
  page: string
  navigation: string
  [attribute: string]: string | number
}

// pages/vitals/page.js
declare const measurable: string[]
declare const ownVitals: () => Values
declare const ownLargest: () => string | undefined
declare const pretend: (state: DocumentVisibilityState) => void
declare const errors: string[]
declare let busyMs: number
declare const measure: {
  (options: object): void
  start?: (options: object, send: unknown) => void
}
declare const sendBeacon: unknown
// pages/vitals/broken.html
declare const calls: string[]

/** What an engine measures at least; LCP and INP came to Safari after WebKitGTK 2.50. */
const AT_LEAST: Record<Engine, readonly string[]> = {
  chromium: NAMES,
  firefox: ['TTFB', 'FCP', 'LCP', 'INP'],
  webkit: ['TTFB', 'FCP'],
}

test('vitals are what the performance entries of the page say, and leave once, when it hides', async ({
  tab,
  server,
}, testInfo) => {
  const sent = watch(server)
  await tab.goto(server.url('vitals/page.html'))
  const own = await visitMeasured(tab)
  const measured = await tab.run(() => measurable)
  expect(measured).toEqual(expect.arrayContaining([...AT_LEAST[tab.engine]]))
  expect(Object.keys(own)).toEqual(measured)
  await leave(tab, server)
  await expect.poll(() => sent.length).toBe(1)
  const metrics = sent.flat()
  expect(valuesOf(metrics)).toEqual(own)

  const oneView = {
    page: '/vitals/page.html',
    navigation: 'navigate',
    trace_id: metrics[0]!.trace_id,
    weight: 4,
  }
  for (const metric of metrics) expect(metric).toMatchObject(oneView)
  expect(oneView.trace_id).toMatch(/^[0-9a-f]{32}$/)
  expect(new Set(metrics.map(({ id }) => id)).size).toBe(metrics.length)

  const cells = NAMES.map(name => [name, causeText(metrics.find(metric => metric.name === name))])
  await attachColumn(testInfo, { table: 'web vitals, caused by', cells: Object.fromEntries(cells) })
})

test('each has its cause, without secrets', async ({ tab, server }) => {
  const sent = watch(server)
  await tab.goto(server.url('vitals/page.html'))
  await visitMeasured(tab)
  const largest = await tab.run(() => ownLargest())
  await leave(tab, server)
  await expect.poll(() => sent.length).toBe(1)
  const by = Object.fromEntries(sent.flat().map(metric => [metric.name, metric]))
  const phases = (name: string, ...keys: string[]) =>
    keys.reduce((sum, key) => sum + Number(by[name]![key]), 0) - by[name]!.value
  expect(phases('FCP', 'time_to_first_byte', 'first_byte_to_fcp')).toBeCloseTo(0)
  const durations = ['waiting', 'cache', 'dns', 'connection', 'request'].map(phase => `${phase}_duration`)
  expect(phases('TTFB', ...durations)).toBeCloseTo(0)
  if (by.LCP) {
    expect(by.LCP.element).toContain(`[id="${largest}"]`)
    const parts = [
      'time_to_first_byte',
      'resource_load_delay',
      'resource_load_duration',
      'element_render_delay',
    ]
    expect(phases('LCP', ...parts)).toBeCloseTo(0)
  }
  if (by.INP) {
    expect(by.INP).toMatchObject({ element: 'button[id="slow"]', interaction: 'pointer' })
    expect(phases('INP', 'input_delay', 'processing_duration', 'presentation_delay')).toBeCloseTo(0)
  }
  if (tab.engine === 'chromium') {
    expect(by.CLS).toMatchObject({
      element: expect.stringMatching(/^html > body|\[id="title"]$/),
      load_state: 'complete',
      largest_shift: by.CLS!.value,
    })
    expect(by.INP).toMatchObject({
      script: `${server.origin}/vitals/page.js?token=[Filtered]&shade=[Filtered]&size=2`,
      script_phase: 'processing-duration',
    })
  }
})

test('a value that grows after the page was hidden is sent again under its id, and nothing else is', async ({
  tab,
  server,
}) => {
  const sent = watch(server)
  await tab.goto(server.url('vitals/page.html'))
  const measured = await tab.run(() => measurable)
  test.skip(!measured.includes('INP'), 'the engine (WebKitGTK 2.50) has no INP, and all else is final')
  const before = await visitMeasured(tab)
  await tab.run(() => pretend('hidden'))
  await expect.poll(() => sent.length).toBe(1)
  await tab.run(() => pretend('visible'))
  const { INP } = await clickAgain(tab, before)
  await tab.run(() => pretend('hidden'))
  await expect.poll(() => sent.length).toBe(2)
  const [first] = sent[0]!.filter(({ name }) => name === 'INP')
  expect(sent[1]).toEqual([expect.objectContaining({ name: 'INP', value: INP, id: first!.id })])
  expect(sent[1]![0]!.timestamp).toBeGreaterThan(first!.timestamp)
})

test('a return from the back/forward cache is measured anew', async ({ tab, server }) => {
  const sent = watch(server)
  await tab.goto(server.url('vitals/page.html'))
  await visitMeasured(tab)
  const measured = await tab.run(() => measurable)
  await leave(tab, server)
  await expect.poll(() => sent.length).toBe(1)
  await tab.back()
  // web-vitals takes the time of the second frame after the return.
  await tab.run(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  })
  await leave(tab, server)
  await expect.poll(() => sent.length).toBe(2)
  const [first, second] = sent as [Sent[], Sent[]]
  const names = measured.filter(name => name !== 'INP')
  expect(second.map(({ name }) => name).sort()).toEqual(names.sort())
  for (const metric of second) {
    expect(metric).toMatchObject({ navigation: 'back-forward-cache', page: '/vitals/page.html' })
    expect(metric.trace_id).toBe(second[0]!.trace_id)
  }
  expect(second[0]!.trace_id).not.toBe(first[0]!.trace_id)
  expect(first.map(({ id }) => id)).not.toEqual(expect.arrayContaining([second[0]!.id]))
})

test('a soft navigation is a page of its own', async ({ tab, server }) => {
  test.skip(tab.engine !== 'chromium', 'only Chromium (from 151 on) knows soft navigations')
  const sent = watch(server)
  await tab.goto(server.url('vitals/page.html'))
  await visitMeasured(tab)
  await showOrders(tab)
  await leave(tab, server)
  await expect.poll(() => sent.length).toBe(1)
  const [before, after] = ['navigate', 'soft-navigation'].map(kind =>
    sent.flat().filter(({ navigation }) => navigation === kind),
  ) as [Sent[], Sent[]]
  expect(new Set(before.map(({ page }) => page))).toEqual(new Set(['/vitals/page.html']))
  expect(new Set(after.map(({ page }) => page))).toEqual(new Set(['/users/*/orders']))
  expect(before.map(({ name }) => name).sort()).toEqual([...NAMES].sort())
  expect(after.map(({ name }) => name).sort()).toEqual(['CLS', 'FCP', 'LCP'])
  expect(after.find(({ name }) => name === 'LCP')!.element).toBe('h2[id="orders"]')
  const traces = (metrics: Sent[]) => new Set(metrics.map(({ trace_id }) => trace_id))
  expect([traces(before).size, traces(after).size, traces(sent.flat()).size]).toEqual([1, 1, 2])
})

test('a long visit leaves in parts that fit into a beacon', async ({ tab, server }) => {
  test.skip(tab.engine !== 'chromium', 'without soft navigations a visit has five vitals')
  const sent = watch(server)
  await tab.goto(server.url('vitals/page.html'))
  await visitMeasured(tab)
  for (let view = 0; view < 16; view++) await showOrders(tab)
  await expect.poll(() => sent.length).toBe(1)
  await leave(tab, server)
  await expect.poll(() => sent.length).toBe(2)
  expect(sent[0]).toHaveLength(50)
  expect(JSON.stringify(sent[0]).length).toBeLessThan(50_000)
})

test('what fails breaks nothing, and another start takes the place of the first', async ({ tab, server }) => {
  const sent = watch(server)
  await tab.goto(server.url('vitals/broken.html'))
  const measured = await tab.run(() => measurable)
  const before = await visitMeasured(tab)
  await tab.run(() => pretend('hidden'))
  const failed = await tab.run(() => [...new Set(calls)].sort())
  expect(failed).toEqual(measured.includes('LCP') ? ['getAttribute', 'send'] : ['send'])
  await tab.run(() => {
    pretend('visible')
    measure.start!({ sessionSampleRate: 0.5 }, sendBeacon)
  })
  await clickAgain(tab, before)
  expect(await tab.run(() => errors)).toEqual([])
  await leave(tab, server)
  const grown = measured.filter(name => name === 'INP')
  await expect
    .poll(() => sent.flat().map(({ name, weight }) => [name, weight]))
    .toEqual(grown.map(name => [name, 4])) // the session keeps its rate
})

test('a second copy of the script hands out the first one, which measures nothing twice', async ({
  tab,
  server,
}) => {
  await tab.goto(server.url('vitals/page.html'))
  await tab.waitFor(() => !!measure.start)
  await tab.run(() => {
    delete measure.start
    measure({ sessionSampleRate: 0.25 })
  })
  const own = await visitMeasured(tab)
  const bodies = await tab.run(() => {
    const bodies: string[] = []
    navigator.sendBeacon = (_url, body) => bodies.push(String(body)) > 0
    pretend('hidden')
    return bodies
  })
  const metrics = bodies.flatMap(body => JSON.parse(body.split('\n')[1]!).items.map(flat))
  expect(metrics.map(({ name }) => name).sort()).toEqual(Object.keys(own).sort())
})

test('a prerendered page is measured from its activation on', async ({ server }, testInfo) => {
  test.skip(testInfo.project.name !== 'chromium', 'only Chromium prerenders pages')
  const sent = watch(server)
  const prerendered = called(server, '/prerendered')
  const own = called(server, '/own')
  server.route('/when-prerendered', async (_request, response) => {
    await prerendered
    response.end()
  })
  // The pages drive themselves: Playwright 1.64.1 stops a prerendered one before its first script, for ever.
  const profile = testInfo.outputPath('profile')
  const args = ['--headless', '--no-sandbox', '--disable-dev-shm-usage', `--user-data-dir=${profile}`]
  const url = server.url('vitals/prerendering.html')
  const { stop } = startChild(readyEngine('chromium').executablePath, [...args, url], { stdio: 'ignore' })
  try {
    const { isPrerendered, activationStart, ...vitals } = JSON.parse(await own)
    expect([isPrerendered, activationStart > 0]).toEqual([true, true])
    await expect.poll(() => sent.length).toBe(1)
    const sinceActivation = (name: string) => Math.max(0, vitals[name] - activationStart)
    expect(valuesOf(sent.flat())).toEqual({
      TTFB: sinceActivation('TTFB'),
      FCP: sinceActivation('FCP'),
      LCP: sinceActivation('LCP'),
      CLS: 0,
    })
    expect(new Set(sent.flat().map(({ navigation }) => navigation))).toEqual(new Set(['prerender']))
  } finally {
    await stop()
    await rm(profile, { recursive: true, force: true })
  }
})

/** A visit once vitals.js is there. */
async function visitMeasured(tab: Tab): Promise<Values> {
  await tab.waitFor(() => !!measure.start)
  return visit(tab)
}

/** A click that is slower than the first. */
async function clickAgain(tab: Tab, { INP = 0 }: Values): Promise<Values> {
  await tab.run(() => (busyMs = 300))
  await tab.click('#slow')
  if (INP) await tab.waitFor(shorter => ownVitals().INP! > shorter, INP)
  return tab.run(() => ownVitals())
}

async function showOrders(tab: Tab): Promise<void> {
  const known = await tab.run(() => performance.getEntriesByType('soft-navigation').length)
  await tab.click('#route')
  await tab.waitFor(before => performance.getEntriesByType('soft-navigation').length > before, known)
}

const leave = (tab: Tab, server: PageServer) => tab.goto(server.url('harness.html'))

const valuesOf = (metrics: Sent[]): Values =>
  Object.fromEntries(metrics.map(({ name, value }) => [name, value]))

const causeText = (metric: Sent | undefined): string =>
  metric
    ? String(metric.element ?? metric.load_state ?? 'durations of its phases')
    : 'not measured by this engine'

/** The body of the first request to a path. */
const called = (server: PageServer, path: string) =>
  new Promise<string>(resolve =>
    server.route(path, (_request, response, body) => {
      resolve(body)
      response.end()
    }),
  )

/** The metrics of each send so far. */
function watch(server: PageServer): Sent[][] {
  const sent: Sent[][] = []
  server.route('/sent', (_request, response, body) => {
    const [header, payload] = body.split('\n').map(line => JSON.parse(line))
    expect(header).toMatchObject({ type: 'trace_metric', item_count: payload.items.length })
    sent.push(payload.items.map(flat))
    response.end()
  })
  return sent
}

function flat({ attributes, ...metric }: Record<string, any>): Sent {
  const values = Object.entries<{ value: string | number }>(attributes).map(([key, { value }]) => [
    key,
    value,
  ])
  const name = metric.name.replace('browser.web_vital.', '').toUpperCase()
  return { ...metric, ...Object.fromEntries(values), name }
}
