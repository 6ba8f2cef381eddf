// docs/privacy.md says that its tables are complete. Here every kind of report is made, and what leaves is compared.

import { readFileSync } from 'node:fs'
import { expect, test } from './browser.ts'
import { visit, vitalsLoaded } from './measured-page.ts'

type Api = typeof import('../src/index.ts')
declare const ohnoes: Api

/** Parts of an envelope, as the headings of docs/privacy.md call them. */
const HEADINGS: Record<string, string> = {
  header: 'Envelope',
  event: 'Event',
  session: 'Session',
  trace_metric: 'Vitals',
  client_report: 'Client report',
  ohnoes_counts: 'Counts',
}

/** What a `*` in a table may stand for: what this test sets under names of its own, and the parts of a vital's attribute. */
const CHOSEN = [
  /^contexts\.shop\.city$/,
  /^tags\.plan$/,
  /^extra\.(cart\.items|large)\[\]$/,
  /^user\.(id|email)$/,
  /^breadcrumbs\[\]\.data\.own$/,
  /^exception\.values\[\]\.mechanism\.data\.code$/,
  /^items\[\]\.attributes\.\w+\.(type|value)$/,
]

test('each field that leaves is in docs/privacy.md', async ({ tab, server }) => {
  const seen: Record<string, Set<string>> = {
    header: new Set(),
    event: new Set(),
    session: new Set(),
    client_report: new Set(),
    ohnoes_counts: new Set(),
  }
  const see = (part: string, json: unknown) => {
    seen[part] ??= new Set()
    for (const path of leaves(json)) seen[part]!.add(path)
  }
  server.route('/api/1/envelope/', (_request, response, body) => {
    const [header, ...items] = body.split('\n').map(line => JSON.parse(line))
    see('header', header)
    for (let i = 0; i < items.length; i += 2) see(items[i].type, items[i + 1])
    response.writeHead(200, { 'X-Sentry-Rate-Limits': '60:transaction:key' }).end('{}')
  })
  const asked = new Set<string>()
  server.route('/api/1/sampling', ({ method, url, headers }, response) => {
    asked.add(`${method} ${url} from ${headers.referer}`)
    response.end('{"v":1,"default":1,"rates":{}}')
  })
  server.route('/answer', (_request, response) => response.writeHead(200, { 'Content-Length': 2 }).end('{}'))
  // Padded: what has few bytes for its size is no content to LCP.
  const image = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><rect width="3" height="2"/></svg>'
  server.route('/hero.svg', (_request, response) =>
    response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end(image + ' '.repeat(10_000)),
  )
  // The session has an envelope of its own when a page without an error hides.
  await tab.goto(server.url('privacy.html', { script: 'privacy.js' }))
  await tab.goto(server.url('privacy.html', { script: 'missing.js' }))
  await tab.type('input', 'text')
  await tab.click('button')
  await tab.run(report)
  await tab.waitFor(() => document.documentElement.dataset.isDone)
  await tab.run(() => ohnoes.flush(10_000))
  await expect.poll(() => seen.session!.has('sid')).toBe(true)
  await tab.goto(server.url('privacy.html', { script: 'privacy.js' }))
  await tab.run(reportUnderOptions, server.dsn)
  await tab.goto(server.url('vitals/bundle.html', { rate: 1 }))
  await vitalsLoaded(tab)
  await visit(tab)
  await tab.goto(server.url('harness.html'))
  await expect.poll(() => seen.trace_metric?.size).toBeGreaterThan(0)
  const key = 'sentry_version=7&sentry_key=demo&sentry_client=ohnoes/x.y.z'
  const asking = [...asked].map(text => decodeURIComponent(text).replace(/\d+(\.\d+){2} /, 'x.y.z '))
  expect(asking).toEqual([`GET /api/1/sampling?${key} from ${server.origin}/`])

  const stated = tables(readFileSync(new URL('../docs/privacy.md', import.meta.url), 'utf8'))
  for (const [part, paths] of Object.entries(seen)) {
    const rows = stated[HEADINGS[part]!] ?? []
    expect(paths.size, part).toBeGreaterThan(0)
    expect.soft(rows.length, `docs/privacy.md has a table of ${part}`).toBeGreaterThan(0)
    const missing = [...paths].filter(path => !rows.some(row => covers(row, path)))
    expect.soft(missing, `fields of ${part} that docs/privacy.md does not have`).toEqual([])
    // And nothing is in there that does not leave, as far as this engine has it.
    if (tab.engine !== 'chromium') continue
    const stale = rows.filter(row => ![...paths].some(path => covers(row, path)))
    expect.soft(stale, `rows of ${part} that nothing is seen of`).toEqual([])
  }
})

/** Runs in the page: whatever has fields of its own. */
async function report(): Promise<void> {
  const later = (job: () => void) => new Promise(resolve => setTimeout(() => (setTimeout(resolve), job())))
  const source = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 116, 0, 0, 10, 5, 1, 3, 0, 0, 11,
  ])
  const { instance } = await WebAssembly.instantiate(source)
  ohnoes.setUser({ id: 7, email: 'ada@shop.example' })
  ohnoes.setTag('plan', 'pro')
  ohnoes.setExtra('cart', { items: ['tea'] })
  ohnoes.setContext('shop', { city: 'Berlin' })
  ohnoes.addFeatureFlag('new cart', true)
  ohnoes.getCurrentScope().setFingerprint(['own'])
  ohnoes.addBreadcrumb({ type: 'default', category: 'own', level: 'info', message: 'm', data: { own: 1 } })
  // As code does that was built with local variables.
  const { $l }: typeof import('../src/locals.ts') = await import('/dist/locals.mjs' as string)
  const left = new Error('left a function')
  $l(left, 'shop:1', ['tea', 2])
  ohnoes.captureException(left)
  history.pushState({}, '', '?step=2')
  await fetch('/answer')
  await fetch('/answer', { signal: AbortSignal.abort() }).catch(() => {})
  const socket = new WebSocket(`ws://${location.host}/socket`)
  await new Promise(resolve => (socket.onclose = resolve))
  await later(() => (instance.exports.t as () => void)())
  await later(() => {
    throw Object.assign(new AggregateError([new Error('member')], 'several'), { code: 7 })
  })
  // What an engine tells of a script of another origin.
  dispatchEvent(new ErrorEvent('error', { message: 'Script error.' }))
  dispatchEvent(new ErrorEvent('error', { message: 'Script error.' })) // dropped
  ohnoes.captureMessage('large', {
    extra: { large: Array.from({ length: 9 }, () => '\u4e00'.repeat(40_000)) },
  })
  document.documentElement.dataset.isDone = 'yes'
}

/** Runs in the page: what only options bring. Of the three errors the last is held back, and counted when the page hides. */
function reportUnderOptions(dsn: string): void {
  const fail = () => {
    throw new Error('by a hook')
  }
  ohnoes.init({ dsn, sendDefaultPii: true, fleetSampling: true, beforeBreadcrumb: fail, beforeSend: fail })
  ohnoes.addBreadcrumb({ message: 'm' })
  for (let n = 0; n < 3; n++) ohnoes.captureException(new Error('again'))
}

/** The paths of all values: `exception.values[].type`. */
function leaves(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap(entry => leaves(entry, `${path}[]`))
  if (!value || typeof value !== 'object') return [path]
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path ? `${path}.${key}` : key))
}

/** The names in the first column of the table under each heading. */
function tables(markdown: string): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const section of markdown.split(/^### /m).slice(1)) {
    const names = section.split('\n').flatMap(line => {
      const [, first = ''] = /^\|([^|]*)\|/.exec(line) ?? []
      return [...first.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)
    })
    found[section.slice(0, section.indexOf('\n'))] = names
  }
  return found
}

/** Whether a row means a path. */
function covers(row: string, path: string): boolean {
  const isChosen = CHOSEN.some(chosen => chosen.test(path))
  return row === path || (isChosen && row.endsWith('*') && path.startsWith(row.slice(0, -1)))
}
