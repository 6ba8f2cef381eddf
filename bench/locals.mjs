// npm run bench -- locals [library …]: what instrumented code costs, side by side with the same code as it is: run time
// of real libraries with every function of theirs instrumented, in Node and in Chromium, their size, what an exception
// costs, and the size and build time of applications, of which only their own modules are instrumented.
//
// The optimising compiler decides anew in each process and page, so there are several of each.
import { fork } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { instrument } from 'ohnoes-plugin/instrument'
import { setUpEngines } from '../e2e/engines.mjs'
import { bundle } from './bundle.mjs'
import { APPLICATIONS, buildApplication } from './libraries/application.mjs'
import { build, installLibraries, LIBRARIES, readInput } from './libraries/build.mjs'
import { openBrowser } from './libraries/page.mjs'
import { ratiosOf } from './libraries/pairs.mjs'

const PROCESSES = 3
const BUILDS = 7
const THROWS = 9

if (process.send) process.once('message', measure)
else await print(process.argv.slice(process.argv.indexOf('locals') + 1))

function row(name, ...cells) {
  console.log(name.padEnd(18), ...cells.map(cell => `${cell}`.padStart(16)))
}

/** In a process of its own, by its CPU time. It has no other thread, which on a busy machine would come too late. */
async function measure(files) {
  process.send(await ratiosOf(files, readInput(), cpuMs), () => process.exit())
}

function cpuMs() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function ratiosInNode(files) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), { execArgv: ['--single-threaded'] })
    child.once('message', resolve).once('error', reject)
    child.send(files)
  })
}

function ratiosInPage(browser, files) {
  const measureHere = async names => {
    const { ratiosOf } = await import('/pairs.mjs')
    const input = await (await fetch('/input')).json()
    return ratiosOf(names, input, () => performance.now())
  }
  const names = files.map(file => `/${basename(file)}`)
  return browser.run(measureHere, names)
}

function percent(ratio) {
  return `${((ratio - 1) * 100).toFixed(1)} %`
}

function gzipBytes(code) {
  return gzipSync(code, { level: 9 }).length
}

async function print(only) {
  installLibraries()
  await setUpEngines(['chromium'])
  await printLibraries(
    LIBRARIES.filter(name => (only.length ? only.includes(name) : !name.endsWith('-workers'))),
  )
  await printThrowing()
  await printApplications()
}

async function printLibraries(libraries) {
  const browser = await openBrowser('chromium')
  const medians = { node: [], chromium: [] }
  row('minified', 'Node', 'quartiles', 'Chromium', 'quartiles', 'gzip before', 'growth', 'transform')
  for (const library of libraries) {
    const plain = await build(library, { isInstrumented: false, minify: true })
    const locals = await build(library, { isInstrumented: true, minify: true })
    const files = [plain.file, locals.file]
    const cells = []
    for (const [where, ratios] of Object.entries({
      node: ratiosInNode,
      chromium: ratiosInPage.bind(0, browser),
    })) {
      const all = []
      for (let i = 0; i < PROCESSES; i++) all.push(...(await ratios(files)))
      all.sort((a, b) => a - b)
      const [low, median, high] = [0.25, 0.5, 0.75].map(part => all[Math.floor(all.length * part)])
      medians[where].push(median)
      cells.push(percent(median), `${percent(low)} … ${percent(high)}`)
    }
    const [before, after] = [plain, locals].map(({ code }) => gzipBytes(code))
    row(library, ...cells, before, percent(after / before), `${locals.transformMs.toFixed(0)} ms`)
  }
  const means = Object.values(medians).map(ratios =>
    Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length),
  )
  row('geometric mean', ...means.flatMap(mean => [percent(mean), '']))
  await browser.close()
}

/** All JavaScript that a page of the application loads, ohnoes among it, and how long its build takes. */
async function printApplications() {
  console.log()
  row('an application', 'gzip before', 'growth', 'build', 'with locals', 'longer by')
  for (const name of Object.keys(APPLICATIONS)) {
    const built = { plain: [], locals: [] }
    for (let i = 0; i < BUILDS; i++)
      for (const how of i % 2 ? ['locals', 'plain'] : ['plain', 'locals'])
        built[how].push(await buildApplication(name, how === 'locals'))
    const [before, after] = Object.values(built).map(([{ code }]) => gzipBytes(code))
    const [plainMs, localsMs] = Object.values(built).map(
      builds => builds.map(({ ms }) => ms).sort((a, b) => a - b)[BUILDS >> 1],
    )
    const times = [plainMs, localsMs].map(ms => `${ms.toFixed(0)} ms`)
    row(name, before, percent(after / before), ...times, percent(localsMs / plainMs))
  }
}

/** What it costs to throw through functions, and to catch. */
async function printThrowing() {
  const { $l } = await import(`data:text/javascript,${encodeURIComponent(await bundle('locals.ts'))}`)
  globalThis.__ohnoes_locals = $l
  const code = `
    function fail(thrown, n) { const what = thrown(n); throw what }
    function pass(thrown, n) { const next = n - 1; const result = next ? pass(thrown, next) : fail(thrown, n); return [result, next] }
    return (thrown, n) => { try { pass(thrown, n) } catch (error) { return error } }`
  const [plain, locals] = [code, instrument(code, { filename: 'throwing.js' }).code].map(text =>
    new Function(text)(),
  )
  console.log('\nµs to throw and catch')
  row('', 'plain', 'locals', 'a frame more')
  const thrown = new Error('made before')
  const kinds = { 'new Error': () => new Error('made here'), 'one Error': () => thrown, string: () => 'text' }
  for (const [kind, make] of Object.entries(kinds))
    for (const depth of [1, 10]) {
      const samples = Array.from({ length: THROWS }, () =>
        [plain, locals].map(run => timeOf(() => run(make, depth), 5000) / 5),
      )
      const [before, after] = [0, 1].map(
        side => samples.map(sample => sample[side]).sort((a, b) => a - b)[THROWS >> 1],
      )
      row(
        `${kind}, ${depth + 1} deep`,
        before.toFixed(2),
        after.toFixed(2),
        ((after - before) / (depth + 1)).toFixed(2),
      )
    }
}

/** Milliseconds of CPU. */
function timeOf(run, times) {
  const startMs = cpuMs()
  for (let i = 0; i < times; i++) run()
  return cpuMs() - startMs
}
