// npm run bench -- delivery [engine …]: how many reports arrive that are made when a page goes away.
//
// A request to a collector waits 150 ms, unread, and is lost when its connection closes before. Where ohnoes misses
// something, the bare `fetch keepalive` beside it says whether the engine itself could have done better. Faro's requests
// have no id that a store could know them by: one that comes twice is twice there.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readyEngine, setUpEngines, wantedEngines } from '../e2e/engines.mjs'
import { launch } from '../e2e/launch.mjs'
import { bundleForPage } from '../e2e/page-bundle.mjs'
import { install } from './install.mjs'

const RUNS = Number(process.env.RUNS || 20)
const LATENCY_MS = 150
const TABS = 4
const PATIENCE_MS = 5000

/** What the page does; `report` is called once. */
const MOMENTS = {
  'navigation now': `report(); location.href = '/next'`,
  '+50 ms': `report(); setTimeout(() => (location.href = '/next'), 50)`,
  pagehide: `addEventListener('pagehide', report); location.href = '/next'`,
  'tab close': `report()`,
  'click-through link': `document.querySelector('a').onclick = report`,
  bfcache: `isArmed = true; addEventListener('pageshow', () => { report(); location.href = '/after' }); location.href = '/next'`,
}
const PLACES = ['same origin', 'cross origin']
const PEERS = ['@sentry/browser', '@grafana/faro-web-sdk']

const pathOf = specifier => fileURLToPath(import.meta.resolve(specifier))
const dsnOf = url => `${url.replace('//', '//demo@')}/1`

/** The script of each, by the collector's URL; it defines `report()`. */
const CLIENTS = {
  ohnoes: async url => `${await readFile(pathOf('../dist/ohnoes.js'), 'utf8')}
    ohnoes.init({ dsn: '${dsnOf(url)}' })
    const report = () => ohnoes.captureException(new Error(id))`,
  'fetch keepalive': url => `const report = () =>
    fetch('${url}/bare', { method: 'POST', body: id, keepalive: true }).catch(() => {})`,
  '@sentry/browser': async url => `${await bundleForPage(pathOf('@sentry/browser'), 'Sentry')}
    Sentry.init({ dsn: '${dsnOf(url)}' })
    const report = () => Sentry.captureException(new Error(id))`,
  '@grafana/faro-web-sdk': async url => `${await bundleForPage(pathOf('@grafana/faro-web-sdk'), 'Faro')}
    const { api } = Faro.initializeFaro({ url: '${url}/faro', app: { name: 'bench' } })
    const report = () => api.pushError(new Error(id))`,
}

install(...PEERS)
const named = process.argv.slice(3)
const engines = wantedEngines().filter(engine => !named.length || named.includes(engine))
await setUpEngines(engines)
for (const engine of engines) await compare(engine)

async function compare(engine) {
  const browser = await launch(engine, readyEngine(engine))
  const clients = Object.keys(CLIENTS).filter(name => engine === 'chromium' || !PEERS.includes(name))
  for (const place of PLACES) {
    const rows = {}
    for (const moment of Object.keys(MOMENTS)) {
      rows[moment] = {}
      for (const client of clients) rows[moment][client] = await tryCell(browser, { client, place, moment })
    }
    console.log(`\n${engine}, ${place}: arrived of ${RUNS}`)
    console.table(rows)
  }
  await browser.close()
}

/** All runs of one cell, in a few tabs at once where these do not disturb each other. */
async function tryCell(browser, { client, place, moment }) {
  const servers = await startServers(place)
  const script = await CLIENTS[client](servers.collector)
  servers.page = id => `<!doctype html><title>page</title><a href="/next">next</a>
    <script>const id = '${id}';</script><script>${script.replaceAll('</', '<\\/')}</script>`
  const ids = Array.from({ length: RUNS }, (_, n) => `run-${lettersOf(n)}`)
  const queue = [...ids]
  const profile = await browser.newProfile()
  let unkept = 0
  const runInTurn = async () => {
    let tab
    for (let id; (id = queue.shift());) {
      tab ??= await profile.open()
      await tab.goto(`${servers.origin}/page?id=${id}`)
      await tab.run(new Function(MOMENTS[moment]))
      if (moment === 'bfcache') {
        if (!(await isRestored(tab))) unkept++
      } else if (moment === 'tab close') tab = void (await tab.close())
      else {
        if (moment === 'click-through link') await tab.click('a')
        await tab.waitFor(() => location.pathname === '/next')
      }
    }
  }
  // Firefox 153 keeps some pages only, of all tabs together: what others go back to is not cached then.
  await Promise.all(Array.from({ length: moment === 'bfcache' ? 1 : TABS }, runInTurn))

  // What was kept for the next page view leaves with one.
  await (await profile.open()).goto(`${servers.origin}/page?id=last`)
  const stored = id => servers.stored.get(id)?.size ?? 0
  const arrived = () => ids.filter(stored).length
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && arrived() < RUNS - unkept;) await wait(50)
  await profile.close()
  await servers.close()
  const twice = ids.filter(id => stored(id) > 1).length
  return `${arrived()}${twice ? `, ${twice} twice` : ''}${unkept ? `, ${unkept} made no report: not cached` : ''}`
}

/** A number without digits, which tell no error from another: storm control would hold the runs of a tab back. */
function lettersOf(n) {
  return [...`${n}`].map(digit => 'qrstuvwxyz'[digit]).join('')
}

/** Goes back; the page reports if it comes out of the cache, and goes on. */
async function isRestored(tab) {
  await tab.waitFor(() => location.pathname === '/next')
  await tab.run(() => history.back())
  const where = await tab.waitFor(() => {
    const isAnew = location.pathname === '/page' && document.readyState === 'complete' && !window.isArmed
    return isAnew ? 'anew' : location.pathname === '/after' && 'after'
  })
  return where === 'after'
}

/** The page's server, and the collector on it or beside it. `stored`: of each report, under which ids it came. */
async function startServers(place) {
  const servers = { page: () => '', stored: new Map() }
  const answer = async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    if (['/page', '/next', '/after'].includes(pathname)) {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      return response.end(
        pathname === '/page' ? servers.page(searchParams.get('id')) : '<!doctype html><title>other</title>',
      )
    }
    const text = await readLate(request)
    if (text === undefined) return
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' })
    response.end('{}')
    for (const [report, id] of reportsIn(text))
      servers.stored.set(report, (servers.stored.get(report) ?? new Set()).add(id))
  }
  const started = [createServer(answer), createServer(answer)]
  const [origin, otherOrigin] = await Promise.all(
    started.map(async server => {
      await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
      return `http://127.0.0.1:${server.address().port}`
    }),
  )
  const close = () => Promise.all(started.map(server => (server.closeAllConnections(), server.close())))
  return Object.assign(servers, { origin, collector: place === 'same origin' ? origin : otherOrigin, close })
}

async function readLate(request) {
  await wait(LATENCY_MS)
  if (request.socket.destroyed) return
  const chunks = []
  try {
    for await (const chunk of request) chunks.push(chunk)
  } catch {
    return // the connection closed
  }
  return Buffer.concat(chunks).toString()
}

/** Each report in a request, with what a store would know it by: an event's id, or nothing, which is new each time. */
function* reportsIn(text) {
  if (text.startsWith('run-')) return yield [text, Symbol()]
  if (!text.startsWith('{')) return // a preflight
  const [header, ...items] = text.split('\n').map(line => JSON.parse(line || '{}'))
  for (const { value } of header.exceptions ?? []) yield [value, Symbol()]
  for (const { exception, event_id = header.event_id } of items)
    if (exception) yield [exception.values.at(-1).value, event_id]
}
