// npm run bench -- delivery [engine …]: how many of 20 reports arrive that are made when the page goes away.
//
// Every request to a collector waits 150 ms, unread, and is lost when its connection closes before. Where ohnoes
// misses something, the bare `fetch keepalive` beside it says whether the engine itself could have done better.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { setUpEngines, readyEngine, wantedEngines } from '../e2e/engines.mjs'
import { launch } from '../e2e/launch.mjs'
import { bundleForPage } from '../e2e/page-bundle.mjs'

const RUNS = Number(process.env.RUNS || 20)
const LATENCY_MS = 150
const TABS = 4
const PATIENCE_MS = 5000

// What the page does; `report` is called once.
const MOMENTS = {
  'navigation now': 'report(); location.href = "/next"',
  '+50 ms': 'report(); setTimeout(() => (location.href = "/next"), 50)',
  pagehide: 'addEventListener("pagehide", report); location.href = "/next"',
  'tab close': 'report()',
  'pagehide of a closed tab': 'addEventListener("pagehide", report)',
  'click-through link': 'document.querySelector("a").onclick = report',
  bfcache: 'isArmed = true; addEventListener("pageshow", () => { report(); location.href = "/after" })',
}
const PLACES = ['same origin', 'cross origin']

const read = path => readFile(fileURLToPath(new URL(path, import.meta.url)), 'utf8')

/** Each defines `report()`; `url` is the collector's, without a path. */
const CLIENTS = {
  ohnoes: async url => `${await read('../dist/ohnoes.js')}
    ohnoes.init({ dsn: '${url.replace('//', '//demo@')}/1' })
    const report = () => ohnoes.captureException(new Error(id))`,
  'fetch keepalive': url => `const report = () =>
    fetch('${url}/bare', { method: 'POST', body: id, keepalive: true }).catch(() => {})`,
  beacon: url => `const report = () => navigator.sendBeacon('${url}/bare', id)`,
  sentry: async url => `${await bundleForPage(modulePath('@sentry/browser'), 'Sentry')}
    Sentry.init({ dsn: '${url.replace('//', '//demo@')}/1' })
    const report = () => Sentry.captureException(new Error(id))`,
  faro: async url => `${await bundleForPage(modulePath('@grafana/faro-web-sdk'), 'Faro')}
    const faro = Faro.initializeFaro({ url: '${url}/faro', app: { name: 'bench' } })
    const report = () => faro.api.pushError(new Error(id))`,
}
const arrive = tab => tab.waitFor(() => location.pathname === '/next')
const modulePath = name => fileURLToPath(import.meta.resolve(name))

const named = process.argv.slice(3)
const engines = wantedEngines().filter(engine => !named.length || named.includes(engine))
await setUpEngines(engines)
for (const engine of engines) await compare(engine)

async function compare(engine) {
  const browser = await launch(engine, readyEngine(engine))
  const clients = (process.env.CLIENTS?.split(',') ?? Object.keys(CLIENTS)).filter(
    name => engine === 'chromium' || !/sentry|faro/.test(name),
  )
  for (const place of PLACES) {
    const rows = {}
    for (const moment of process.env.MOMENTS?.split(',') ?? Object.keys(MOMENTS)) {
      rows[moment] = {}
      for (const client of clients) rows[moment][client] = await tryCell(browser, { client, place, moment })
    }
    console.log(`\n${engine}, ${place}: arrived of ${RUNS}`)
    console.table(rows)
  }
  await browser.close()
}

async function tryCell(browser, { client, place, moment }) {
  const servers = await startServers(place)
  const script = await CLIENTS[client](servers.collector)
  servers.page = id => `<!doctype html><title>${moment}</title><a href="/next">next</a>
    <script>const id = ${JSON.stringify(id)};</script><script>${script.replaceAll('</', '<\\/')}</script>`
  const ids = Array.from({ length: RUNS }, (_, n) => `${client} ${n}`.replaceAll(' ', '-'))
  const queue = [...ids]
  let fresh = 0
  const profile = await browser.newProfile()
  await Promise.all(
    Array.from({ length: TABS }, async () => {
      let tab
      for (let id; (id = queue.shift());) {
        tab ??= await profile.open()
        await tab.goto(`${servers.origin}/page?id=${id}`)
        await tab.run(new Function(MOMENTS[moment]))
        if (moment === 'click-through link') await tab.click('a')
        if (moment === 'bfcache') {
          await tab.run(() => void (location.href = '/next'))
          await tab.waitFor(() => location.pathname === '/next')
          await tab.run(() => history.back())
          const end = await tab.waitFor(
            () =>
              location.pathname === '/after' ||
              (location.pathname === '/page' &&
                document.readyState === 'complete' &&
                !window.isArmed &&
                'fresh'),
          )
          if (end === 'fresh') fresh++
          continue
        }
        if (/close/.test(moment)) {
          await tab.close()
          tab = undefined
        } else await arrive(tab)
      }
    }),
  )
  // What was kept for the next page view leaves with one.
  const last = await profile.open()
  await last.goto(`${servers.origin}/page?id=last`)
  const arrived = id => servers.stored.get(id)?.size ?? 0
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && !ids.every(arrived);) await wait(50)
  await profile.close()
  await servers.close()
  const twice = ids.filter(id => arrived(id) > 1).length
  return (
    ids.filter(arrived).length +
    (twice ? `, ${twice} twice` : '') +
    (fresh ? `, ${fresh} not in the cache` : '')
  )
}

/** The page's server, and the collector on it or beside it. `stored`: of each report, under how many ids it came. */
async function startServers(place) {
  const servers = { stored: new Map() }
  const answer = async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    if (['/page', '/next', '/after'].includes(pathname)) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
      return response.end(
        pathname === '/page' ? servers.page(searchParams.get('id')) : '<!doctype html><title>next</title>',
      )
    }
    if (pathname === '/favicon.ico') return response.writeHead(204).end()
    const text = await readSlowly(request)
    if (text === undefined) return
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' })
    response.end('{}')
    for (const [report, id] of reportsIn(text)) {
      const known = servers.stored.get(report) ?? new Set()
      servers.stored.set(report, known.add(id))
    }
  }
  const started = [createServer(answer), createServer(answer)]
  const [origin, otherOrigin] = await Promise.all(
    started.map(
      server =>
        new Promise(resolve =>
          server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`)),
        ),
    ),
  )
  const close = () =>
    Promise.all(
      started.map(server => new Promise(resolve => (server.close(resolve), server.closeAllConnections()))),
    )
  return Object.assign(servers, { origin, collector: place === 'same origin' ? origin : otherOrigin, close })
}

async function readSlowly(request) {
  await wait(LATENCY_MS)
  if (request.socket.destroyed) return
  const chunks = []
  try {
    for await (const chunk of request) chunks.push(chunk)
  } catch {
    return // closed
  }
  return Buffer.concat(chunks).toString()
}

/** Every report in a request with what the store would know it by: an event's id, or nothing, which is new each time. */
function* reportsIn(text) {
  const name = /\b(?:ohnoes|sentry|faro|fetch-keepalive|beacon)-\d+\b/
  if (text[0] !== '{') {
    if (name.test(text)) yield [text, Symbol()]
    return
  }
  const [header, ...items] = text.split('\n').map(line => JSON.parse(line))
  if (header.exceptions) for (const { value } of header.exceptions) yield [value, Symbol()]
  for (const { exception, event_id } of items)
    if (exception) yield [exception.values.at(-1).value, event_id ?? header.event_id]
}
