// npm run bench -- locals [library …]: what instrumented code costs, side by side with the same code as it is: run time
// of real libraries with every function of theirs instrumented, in Node and in Chromium, their size, what an exception
// costs, and the size of applications, of which only their own modules are instrumented.
//
// The optimising compiler and the heap turn out otherwise in each process and page, by a fifth for preact against itself, so
// that there are more of these than pairs of runs in each.
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { instrument } from 'ohnoes-plugin/instrument'
import { setUpEngines } from '../e2e/engines.mjs'
import { bundle } from './bundle.mjs'
import { buildApplication } from './libraries/application.mjs'
import { APPLICATIONS } from './libraries/applications.mjs'
import { build, installLibraries, LIBRARIES, readInput } from './libraries/build.mjs'
import { openBrowser } from './libraries/page.mjs'
import { cpuMs } from './libraries/pairs.mjs'

const PROCESSES = 5

const measuring = fileURLToPath(new URL('libraries/measure.mjs', import.meta.url))

await print(process.argv.slice(process.argv.indexOf('locals') + 1))

function row(name, ...cells) {
  console.log(name.padEnd(18), ...cells.map(cell => `${cell}`.padStart(16)))
}

function ratiosInNode(files) {
  return new Promise((resolve, reject) => {
    const child = fork(measuring, { execArgv: ['--single-threaded'] })
    child.once('message', resolve).once('error', reject)
    child.send([files, readInput()])
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

/** All JavaScript that a page of the application loads, ohnoes among it. How long its build takes `builds` measures. */
async function printApplications() {
  console.log()
  row('an application', 'gzip before', 'growth')
  for (const name of Object.keys(APPLICATIONS)) {
    const [before, after] = [
      gzipBytes(await buildApplication(name, false)),
      gzipBytes(await buildApplication(name, true)),
    ]
    row(name, before, percent(after / before))
  }
}

/** What it costs to throw through functions, and to catch. */
async function printThrowing() {
  const code = `
    function fail(thrown, n) { const what = thrown(n); throw what }
    function pass(thrown, n) { const next = n - 1; const result = next ? pass(thrown, next) : fail(thrown, n); return [result, next] }
    return (thrown, n) => { try { return n ? pass(thrown, n) : fail(thrown, n) } catch (error) { return error } }`
  const files = [code, instrument(code, { filename: 'throwing.js' }).code]
  writeFileSync(new URL('libraries/dist/locals.mjs', import.meta.url), await bundle('locals.ts'))
  const { costsOf } = await import('./libraries/throwing.mjs')
  await import('./libraries/dist/locals.mjs')
  const browser = await openBrowser('chromium')
  const measureHere = async codes => {
    const { costsOf } = await import('/throwing.mjs')
    await import('/locals.mjs')
    return costsOf(codes, () => performance.now())
  }
  const costs = [costsOf(files, cpuMs), await browser.run(measureHere, files)]
  await browser.close()
  console.log('\nµs to throw and catch')
  row(
    '',
    ...['Node', 'Chromium'].flatMap(where => [`${where}, plain`, 'locals', 'a frame more', 'quartiles']),
  )
  for (const [i, { kind, frames }] of costs[0].entries())
    row(
      `${kind}, ${frames} deep`,
      ...costs.flatMap(({ [i]: { plain, more, locals } }) => [
        ...[plain, locals, more[1]].map(us => us.toFixed(2)),
        `${more[0].toFixed(2)} … ${more[2].toFixed(2)}`,
      ]),
    )
}
