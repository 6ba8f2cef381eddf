// Web vitals with the bundle: from the demo shop into the dashboard, and when none leave at all.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test, type Tab } from './browser.ts'
import { startCollector } from './collector.ts'
import { secondFrame, vitalsLoaded } from './measured-page.ts'
import type { PageServer } from './server.ts'

type Row = { page: string; metric: string; p75: number; samples: number }

// pages/vitals/page.js
declare const ownVitals: () => Record<string, number>
declare const measurable: string[]
declare let busyMs: number
declare const ohnoes: typeof import('ohnoes')

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url))

test('vitals of the shop arrive as its performance entries say, and a return is one more visit', async ({
  open,
  tab,
}) => {
  const shop = await startCollector(pathOf('../demo/start.mjs'))
  try {
    const rows = async (): Promise<Row[]> =>
      (await shop.get('vitals')).pages.filter(({ page }: Row) => page === '/demo/')
    await tab.goto(`${shop.url}/demo/`)
    const own = await visitShop(tab)
    await tab.goto(`${shop.url}/healthz`)
    await expect
      .poll(async () => Object.fromEntries((await rows()).map(({ metric, p75 }) => [metric, p75])))
      .toEqual(own)
    for (const row of await rows()) expect(row).toMatchObject({ samples: 1, weight: 1 })

    const dashboard = await open()
    await dashboard.goto(`${shop.url}/projects/1/vitals`)
    const shown = await dashboard.run(() =>
      [...document.querySelectorAll<HTMLElement>('[data-metric]')].map(cell => [
        cell.dataset.metric!,
        cell.querySelector('strong')!.textContent,
      ]),
    )
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(Object.entries(own).map(([name, value]) => [name, asShown(name, value)])),
    )

    await tab.back()
    await secondFrame(tab)
    await tab.goto(`${shop.url}/healthz`)
    const again = Object.keys(own).map(name => [name, name === 'INP' ? 1 : 2])
    await expect
      .poll(async () => Object.fromEntries((await rows()).map(({ metric, samples }) => [metric, samples])))
      .toEqual(Object.fromEntries(again))
  } finally {
    await shop.close()
  }
})

test('the package brings its vitals as a chunk of its own', async ({ tab, server }) => {
  const sent = watch(server)
  await tab.goto(server.url('vitals/module.html', { rate: 1 }))
  await vitalsLoaded(tab, 'vitals.mjs')
  await tab.goto(server.url('harness.html'))
  await expect.poll(() => sent.length).toBe(1)
  const [metric] = sent[0]!
  expect(metric.attributes.page.value).toBe('/vitals/module.html')
})

test('the weight is what the session was drawn at, on whichever page, under a policy too', async ({
  tab,
  server,
}) => {
  const sent = watch(server)
  for (const rate of [1, 0.001]) {
    await tab.goto(server.url('vitals/bundle.html', { rate, csp: "script-src 'nonce-{{nonce}}'" }))
    await vitalsLoaded(tab)
  }
  await tab.goto(server.url('harness.html'))
  await expect.poll(() => sent.length).toBe(2)
  expect(new Set(sent.flat().map(({ attributes }) => attributes.weight.value))).toEqual(new Set([1]))
})

test('a session outside the sample does not ask for vitals', async ({ tab, server }) => {
  await tab.goto(server.url('vitals/bundle.html', { rate: 0 }))
  // After what the bundle may have asked for.
  await tab.run(() => new Promise(resolve => (self.requestIdleCallback ?? setTimeout)(resolve)))
  await tab.goto(server.url('harness.html'))
  const built = server.served.filter(file => file.startsWith('dist/'))
  expect(built).toEqual(['dist/ohnoes.js'])
})

test('after close no vitals leave', async ({ tab, server }) => {
  const sent = watch(server)
  await tab.goto(server.url('vitals/bundle.html', { rate: 1 }))
  await vitalsLoaded(tab)
  await tab.run(() => ohnoes.close())
  await tab.goto(server.url('vitals/module.html', { rate: 1 }))
  await vitalsLoaded(tab, 'vitals.mjs')
  await tab.goto(server.url('harness.html'))
  await expect
    .poll(() => sent.map(([metric]) => metric.attributes.page.value))
    .toEqual(['/vitals/module.html'])
})

/** A visit in which all that the engine measures happens; resolves with what its performance entries say. */
async function visitShop(tab: Tab): Promise<Record<string, number>> {
  await tab.run(
    source => {
      document.head.append(Object.assign(document.createElement('script'), { textContent: source }))
      // Not a button: Chromium 156, headless and short of time, now and then has no entries of a click on those.
      document.querySelector('h1')!.id = 'slow'
      busyMs = 200
    },
    await readFile(pathOf('pages/vitals/page.js'), 'utf8'),
  )
  await vitalsLoaded(tab)
  await tab.waitFor(() => ownVitals().FCP)
  await tab.click('#slow')
  await tab.waitFor(() => ownVitals().INP || !measurable.includes('INP'))
  return tab.run(() => ownVitals())
}

function asShown(name: string, value: number): string {
  if (name === 'CLS') return value.toFixed(2)
  return value < 999.5 ? `${value.toFixed()} ms` : `${(value / 1000).toFixed(1)} s`
}

/** The metrics of each envelope so far that has any, in the collector's place. */
function watch(server: PageServer): any[][] {
  const sent: any[][] = []
  server.route('/api/1/envelope/', (_request, response, body) => {
    const lines = body.split('\n').map(line => JSON.parse(line))
    const at = lines.findIndex(({ type }) => type === 'trace_metric')
    if (at > 0) sent.push(lines[at + 1].items)
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('{}')
  })
  return sent
}
