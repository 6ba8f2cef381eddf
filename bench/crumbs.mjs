// npm run bench -- crumbs: what recording one click and one fetch costs in Chromium, over a page that records nothing,
// beside Sentry in the same run. Needs a build.
//
// Rounds are interleaved, so that other work on the machine meets all three pages. A fetch is measured on one that
// fulfils at once with the response of a real request: the network takes a hundred times what is looked for.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { setUpEngines } from '../e2e/engines.mjs'
import { launch } from '../e2e/launch.mjs'
import { bundleForPage } from '../e2e/page-bundle.mjs'

// Short ones and many: most of them are then not interrupted on a busy machine.
const ROUNDS = 500
const WARM_UP = 100
const LIMIT_US = 10

const SCRIPTS = {
  bare: '',
  ohnoes: await readFile(new URL('../dist/ohnoes.js', import.meta.url), 'utf8'),
  Sentry: await bundleForPage(fileURLToPath(import.meta.resolve('@sentry/browser')), 'Sentry'),
}
const NAMES = Object.keys(SCRIPTS)

const server = createServer(answer)
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${server.address().port}`
const { chromium } = await setUpEngines(['chromium'], () => {})
const browser = await launch('chromium', chromium)
try {
  await print()
} finally {
  await browser.close()
  server.close()
}

async function print() {
  const profile = await browser.newProfile()
  const tabs = {}
  for (const name of NAMES) {
    tabs[name] = await profile.open()
    await tabs[name].goto(`${origin}/${name}.html`)
  }
  const rounds = []
  for (let i = -WARM_UP; i < ROUNDS; i++) {
    const round = {}
    for (const name of NAMES) round[name] = await tabs[name].run(() => measure())
    if (i >= 0) rounds.push(round)
  }
  for (const name of NAMES.slice(1)) await proveRecorded(name, tabs[name])

  console.log(`Chromium ${profile.version}; µs over the bare page: median of ${ROUNDS} rounds (quartiles)\n`)
  for (const what of ['click', 'fetch: the call', 'fetch: settling', 'fetch']) {
    const added = name => quartiles(rounds.map(round => round[name][what] - round.bare[what]))
    const [ohnoes, sentry] = [added('ohnoes'), added('Sentry')]
    const bare = quartiles(rounds.map(round => round.bare[what]))[1]
    console.log(
      what.padEnd(18),
      `bare ${bare.toFixed(2)}`.padEnd(13),
      `ohnoes ${show(ohnoes)}`.padEnd(29),
      `Sentry ${show(sentry)}`.padEnd(30),
      `ratio ${(ohnoes[1] / sentry[1]).toFixed(2)}`.padEnd(12),
      what.includes(':') ? '' : ohnoes[1] <= LIMIT_US ? `within ${LIMIT_US} µs` : `OVER ${LIMIT_US} µs`,
    )
  }
}

function show([low, median, high]) {
  return `+${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`
}

function quartiles(values) {
  const sorted = values.sort((a, b) => a - b)
  return [0.25, 0.5, 0.75].map(share => sorted[Math.floor(share * sorted.length)])
}

/** One that records nothing would be the fastest. */
async function proveRecorded(name, tab) {
  for (const category of ['ui.click', 'fetch']) {
    const crumbs = await tab.run(category => record(category), category)
    const found = crumbs.filter(crumb => crumb.category == category).length
    if (found < 40) throw new Error(`${name} has recorded ${found} of 50 as ${category}`)
  }
}

async function answer({ url }, response) {
  // Cross-origin isolation: a clock of 5 µs instead of 100
  const headers = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  }
  const [, name, extension] = /^\/(\w+)\.(html|js)$/.exec(url) ?? []
  if (extension == 'html')
    response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end(page(name))
  else if (extension == 'js')
    response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(SCRIPTS[name])
  else response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"tea":"green"}')
}

/** Six levels down to what is clicked; a hundred of it, since Sentry records the same target once a second. */
function page(name) {
  const items = Array.from(
    { length: 100 },
    (_, i) => `<li class="item n${i}"><button class="buy wide">buy</button></li>`,
  )
  return `<!doctype html><title>${name}</title>
    <div class="shop"><main class="content"><section class="list"><ul class="items">${items.join('')}</ul></section></main></div>
    <script>
      const nativeFetch = fetch
      let response
      self.fetch = () => Promise.resolve(response)
    </script>
    <script src="/${name}.js"></script>
    <script>(${inPage})(${JSON.stringify(name)}, ${JSON.stringify(origin.replace('//', '//key@') + '/1')})</script>`
}

/** The page's own script. */
function inPage(name, dsn) {
  /* global ohnoes, Sentry, nativeFetch */
  const COUNT = 100
  let sent
  const beforeSend = event => {
    sent = event
    return null
  }
  const sdk = { ohnoes: self.ohnoes, Sentry: self.Sentry }[name]
  sdk?.init({ dsn, beforeSend, maxBreadcrumbs: 50 })
  const buttons = document.querySelectorAll('button')
  document.addEventListener('click', () => {})

  const click = count => {
    for (let i = 0; i < count; i++)
      buttons[i % buttons.length].dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }))
  }
  const timeOf = (start, count) => ((performance.now() - start) * 1000) / count

  self.measure = async () => {
    if (!crossOriginIsolated) throw new Error('the clock is too coarse')
    response ??= await nativeFetch('/tea')
    let start = performance.now()
    click(COUNT)
    const clicked = timeOf(start, COUNT)

    const promises = []
    start = performance.now()
    for (let i = 0; i < COUNT; i++) promises.push(fetch('/tea?cups=2'))
    const called = timeOf(start, COUNT)
    start = performance.now()
    await Promise.all(promises)
    const settled = timeOf(start, COUNT)
    return { click: clicked, 'fetch: the call': called, 'fetch: settling': settled, fetch: called + settled }
  }

  self.record = async category => {
    if (category == 'fetch') for (let i = 0; i < 50; i++) await fetch('/tea')
    else click(50)
    sdk.captureMessage(category)
    while (!sent) await new Promise(resolve => setTimeout(resolve))
    const { breadcrumbs } = sent
    sent = undefined
    return breadcrumbs
  }
}
