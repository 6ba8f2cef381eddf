// npm run bench -- repeats: what one more occurrence of an uncaught error costs in Chromium, over a page that only listens,
// beside Sentry in the same run, and whether its stack is read. Needs a build.
//
// Rounds are interleaved, so that other work on the machine meets all three pages. Each occurrence is an Error of its own.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { setUpEngines } from '../e2e/engines.mjs'
import { launch } from '../e2e/launch.mjs'
import { bundleForPage } from '../e2e/page-bundle.mjs'

const ROUNDS = 300
const WARM_UP = 50
const LIMIT_US = 5

const SCRIPTS = {
  bare: 'addEventListener("error", () => {}, true)',
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
  const added = name => quartiles(rounds.map(round => round[name] - round.bare))
  const [ohnoes, sentry] = [added('ohnoes'), added('Sentry')]
  console.log(`Chromium ${profile.version}; µs over a page that only listens: median of ${ROUNDS} rounds (quartiles)\n`) // prettier-ignore
  console.log(`bare    ${quartiles(rounds.map(({ bare }) => bare))[1].toFixed(2)}`)
  console.log(`ohnoes  ${show(ohnoes)}, ${ohnoes[1] <= LIMIT_US ? 'within' : 'OVER'} ${LIMIT_US} µs`)
  console.log(`Sentry  ${show(sentry)}, ratio ${(ohnoes[1] / sentry[1]).toFixed(3)}`)
  for (const name of NAMES.slice(1))
    console.log(`${name} reads ${await tabs[name].run(() => countReads())} of 100 stacks`)
}

function show([low, median, high]) {
  return `+${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`
}

function quartiles(values) {
  const sorted = values.sort((a, b) => a - b)
  return [0.25, 0.5, 0.75].map(share => sorted[Math.floor(share * sorted.length)])
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
  else response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
}

function page(name) {
  return `<!doctype html><title>${name}</title>
    <script src="/${name}.js"></script>
    <script>(${inPage})(${JSON.stringify(name)}, ${JSON.stringify(origin.replace('//', '//key@') + '/1')})</script>`
}

/** The page's own script. */
function inPage(name, dsn) {
  /* global ohnoes, Sentry */
  const COUNT = 100
  const sdk = { ohnoes: self.ohnoes, Sentry: self.Sentry }[name]
  sdk?.init({ dsn })
  const occurrence = stack => {
    const error = new Error('again')
    if (stack) Object.defineProperty(error, 'stack', { get: stack })
    const place = { filename: `${origin}/app.js`, lineno: 12, colno: 34 }
    return new ErrorEvent('error', { error, message: 'Uncaught Error: again', ...place })
  }

  self.measure = () => {
    if (!crossOriginIsolated) throw new Error('the clock is too coarse')
    const events = Array.from({ length: COUNT }, () => occurrence())
    const start = performance.now()
    for (const event of events) dispatchEvent(event)
    return ((performance.now() - start) * 1000) / COUNT
  }
  self.countReads = () => {
    let reads = 0
    for (let i = 0; i < COUNT; i++) dispatchEvent(occurrence(() => void reads++))
    return reads
  }
}
