// What a long visit leaves behind. In Chromium only: no other engine tells the size of its heap, or what is in it, to
// a test.

import type { CDPSession } from '@playwright/test'
import { instrument } from '../plugin/src/instrument.ts'
import { expect, test, type Tab } from './browser.ts'
import type { PageServer } from './server.ts'
import { attachColumn } from './table-reporter.ts'

declare const ohnoes: typeof import('ohnoes')
declare const click: (count: number) => void
declare const fetchTea: (count: number) => Promise<void>
declare const visit: (count: number) => Promise<void>
declare let kept: HTMLElement
declare const attempt: (count: number) => number
declare const pass: (n: number) => number
declare const __ohnoes_locals: (thrown: unknown) => unknown[]

const MB = 1024 * 1024
const REAL_NAVIGATIONS = 9
/** `npm run memory` does all of 100,000 clicks, 10,000 fetches and a million exceptions, `npm test` a fifth. */
const ROUNDS = process.env.MEMORY === 'all' ? 10 : 2

test.beforeEach(({}, { project }) => {
  test.skip(project.name !== 'chromium', 'only Chromium tells a test what is in its heap')
})

test('clicks, fetches and navigations by the ten thousand leave the heap as large as it was', async ({
  tab,
  server,
}, testInfo) => {
  test.setTimeout(180_000)
  const devtools = await tab.devtools!()
  await load(tab, server, '/dist/ohnoes.js')
  await warmUp(tab)
  const before = await heapSize(devtools)

  for (let i = 0; i < REAL_NAVIGATIONS; i++) await load(tab, server, '/dist/ohnoes.js')
  for (let i = 0; i < ROUNDS; i++) await tab.run(() => click(10_000))
  for (let i = 0; i < ROUNDS; i++) await tab.run(() => fetchTea(1000))
  await tab.run(count => visit(count), 90 - REAL_NAVIGATIONS)
  const after = await heapSize(devtools)
  await attachColumn(testInfo, {
    table: 'JS heap in KB',
    cells: { before: kilobytes(before), after: kilobytes(after) },
  })
  expect(after - before).toBeLessThan(MB)
  expect(await tab.run(() => ohnoes.getStats().occurred), 'of those clicks').toBeGreaterThanOrEqual(
    100 * ROUNDS,
  )
})

test('exceptions that instrumented code throws and catches leave the heap as large as it was', async ({
  tab,
  server,
}, testInfo) => {
  test.setTimeout(180_000)
  const throwing = `
    function fail(n) { const values = Array.from({ length: 20 }, () => n); throw new Error('caught ' + values.length) }
    function pass(n) { const held = { n }; return fail(n) + held.n }
    function attempt(count) { let caught = 0; for (let n = 0; n < count; n++) try { pass(n) } catch (error) { last = error; caught++ } return caught }
    let last; Object.assign(globalThis, { attempt, pass })`
  const { code } = instrument(throwing, { filename: 'throwing.js' })
  server.route('/throwing.js', (_request, response) =>
    response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(`import '/dist/locals.mjs'\n${code}`),
  )
  const devtools = await tab.devtools!()
  await load(tab, server, '/dist/ohnoes.js')
  await tab.run(() => import('/throwing.js' as string))
  await tab.run(() => attempt(10_000))
  const before = await heapSize(devtools)

  for (let i = 0; i < ROUNDS; i++) expect(await tab.run(() => attempt(100_000))).toBe(100_000)
  const after = await heapSize(devtools)
  await attachColumn(testInfo, {
    table: 'JS heap in KB over exceptions that are caught',
    cells: { before: kilobytes(before), after: kilobytes(after) },
  })
  expect(after - before).toBeLessThan(MB)
  // Or nothing would have been kept at all.
  expect(
    await tab.run(() => {
      try {
        pass(1)
      } catch (error) {
        return __ohnoes_locals(error).length
      }
    }),
  ).toBe(2)
})

test('what was clicked, changed, logged and reported is gone once the page has let it go', async ({
  open,
  server,
}) => {
  test.setTimeout(90_000)
  const visit = async (monitor: string) => {
    const tab = await open()
    const devtools = await tab.devtools!()
    await load(tab, server, monitor)
    await warmUp(tab)
    const found = await detachedNodes(devtools)
    await tab.run(() => void (kept = document.createElement('tea-cup')))
    // A search that finds nothing would be green for ever.
    expect(await detachedNodes(devtools)).toEqual([...found, '<tea-cup>'])
    return found
  }
  const found = await visit('/dist/ohnoes.js')
  expect(found).toEqual(await visit('/nothing.js'))
})

async function load(tab: Tab, server: PageServer, monitor: string) {
  server.route('/tea', (_request, response) => response.end('tea'))
  server.route('/nothing.js', (_request, response) => response.end())
  server.route('/api/1/envelope/', (_request, response) => response.end('{}'))
  await tab.goto(server.url('memory.html', { monitor }))
}

/** A little of everything, so that all code has run and what is bounded is full. */
function warmUp(tab: Tab) {
  return tab.run(async () => {
    click(2000)
    await fetchTea(300)
    await visit(9)
  })
}

async function heapSize(devtools: CDPSession): Promise<number> {
  await devtools.send('Page.resetNavigationHistory') // nothing is kept to go back to
  await devtools.send('HeapProfiler.collectGarbage')
  await devtools.send('HeapProfiler.collectGarbage')
  return (await devtools.send('Runtime.getHeapUsage')).usedSize
}

/** DOM nodes in the heap that are in no document. Their format: `node_fields` says it. */
async function detachedNodes(devtools: CDPSession): Promise<string[]> {
  const chunks: string[] = []
  const collect = ({ chunk }: { chunk: string }) => void chunks.push(chunk)
  devtools.on('HeapProfiler.addHeapSnapshotChunk', collect)
  await devtools.send('HeapProfiler.collectGarbage')
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  devtools.off('HeapProfiler.addHeapSnapshotChunk', collect)
  const { snapshot, nodes, strings } = JSON.parse(chunks.join(''))
  const fields: string[] = snapshot.meta.node_fields
  const [name, detachedness] = [fields.indexOf('name'), fields.indexOf('detachedness')]
  const found: string[] = []
  for (let i = 0; i < nodes.length; i += fields.length)
    if (nodes[i + detachedness] === 2) found.push(strings[nodes[i + name]])
  return found.sort()
}

const kilobytes = (bytes: number) => Math.round(bytes / 1024).toLocaleString('en')
