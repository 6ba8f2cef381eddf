// npm run bench -- locals [library …]: what instrumented code costs, side by side with the same code as it is: run time
// of real libraries with every function of theirs instrumented, size, and the time that the transform takes.
//
// Other work on the machine hits both sides alike only if they take turns: each pair of runs is one of either, in
// changing order, and what counts is the median of the pairs' ratios of CPU time, over several processes, since the
// optimising compiler decides anew in each. It has no thread of its own, which on a busy machine would come too late.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { instrument } from 'ohnoes-plugin/instrument'
import { bundle } from './bundle.mjs'
import { build, installLibraries, LIBRARIES, readInput } from './libraries/build.mjs'

const PROCESSES = 3
const PAIRS = 9
const WARM_UP_MS = 1500
const SAMPLE_MS = 60

if (process.send) process.once('message', measure)
else await print(process.argv.slice(process.argv.indexOf('locals') + 1))

function row(name, ...cells) {
  console.log(name.padEnd(18), ...cells.map(cell => `${cell}`.padStart(12)))
}

async function measure(files) {
  const input = readInput()
  const [plain, locals] = await Promise.all(files.map(async file => (await import(file)).run))
  const runs = warmUp(plain, locals, input)
  const ratios = Array.from({ length: PAIRS }, (_, i) => {
    if (i % 2) return timeOf(locals, runs, input) / timeOf(plain, runs, input)
    return 1 / (timeOf(plain, runs, input) / timeOf(locals, runs, input))
  })
  process.send(ratios, () => process.exit())
}

/** Returns how often a workload has to run to make a sample. */
function warmUp(plain, locals, input) {
  let runs = 0
  let ms = 0
  for (; ms < 2 * WARM_UP_MS; runs++) ms += timeOf(plain, 1, input) + timeOf(locals, 1, input)
  return Math.ceil((runs * 2 * SAMPLE_MS) / ms)
}

/** Milliseconds of CPU. */
function timeOf(run, runs, input) {
  const start = process.cpuUsage()
  for (let i = 0; i < runs; i++) run(input)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

function ratiosOf(files) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), { execArgv: ['--single-threaded'] })
    child.once('message', resolve).once('error', reject)
    child.send(files)
  })
}

async function print(only) {
  installLibraries()
  const percent = ratio => `${((ratio - 1) * 100).toFixed(1)} %`
  const medians = []
  row('minified', 'slowdown', 'quartiles', '', 'gzip before', 'growth', 'transform')
  for (const library of LIBRARIES.filter(name =>
    only.length ? only.includes(name) : !name.endsWith('-workers'),
  )) {
    const plain = await build(library, { isInstrumented: false, minify: true })
    const locals = await build(library, { isInstrumented: true, minify: true })
    const ratios = []
    for (let i = 0; i < PROCESSES; i++) ratios.push(...(await ratiosOf([plain.file, locals.file])))
    ratios.sort((a, b) => a - b)
    const at = part => percent(ratios[Math.floor(ratios.length * part)])
    medians.push(ratios[ratios.length >> 1])
    const [before, after] = [plain, locals].map(({ code }) => gzipSync(code, { level: 9 }).length)
    row(
      library,
      at(0.5),
      at(0.25),
      at(0.75),
      before,
      percent(after / before),
      `${locals.transformMs.toFixed(0)} ms`,
    )
  }
  const logs = medians.map(Math.log)
  row('geometric mean', percent(Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length)))
  await printThrowing()
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
      const samples = Array.from({ length: PAIRS }, () =>
        [plain, locals].map(run => timeOf(() => run(make, depth), 5000) / 5),
      )
      const [before, after] = [0, 1].map(
        side => samples.map(sample => sample[side]).sort((a, b) => a - b)[PAIRS >> 1],
      )
      row(
        `${kind}, ${depth + 1} deep`,
        before.toFixed(2),
        after.toFixed(2),
        ((after - before) / (depth + 1)).toFixed(2),
      )
    }
}
