// npm run bench -- locals [library …]: what instrumented code costs, side by side with the same code as it is: run time
// of real libraries with every function of theirs instrumented, size, and the time that the transform takes.
//
// Other work on the machine hits both sides alike only if they take turns: each pair of runs is one of either, in
// changing order, and what counts is the median of the pairs' ratios of CPU time, over several processes, since the
// optimising compiler decides anew in each.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, installLibraries, LIBRARIES, readInput } from './libraries/build.mjs'

const PROCESSES = 3
const PAIRS = 9
const WARM_UP_MS = 1500
const SAMPLE_MS = 60

if (process.send) process.once('message', measure)
else await print(process.argv.slice(process.argv.indexOf('locals') + 1))

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
  const start = performance.now()
  for (; performance.now() - start < 2 * WARM_UP_MS; runs++) {
    plain(input)
    locals(input)
  }
  return Math.ceil((runs * SAMPLE_MS) / WARM_UP_MS)
}

function timeOf(run, runs, input) {
  globalThis.gc()
  const start = process.cpuUsage()
  for (let i = 0; i < runs; i++) run(input)
  const { user, system } = process.cpuUsage(start)
  return user + system
}

function ratiosOf(files) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), { execArgv: ['--expose-gc'] })
    child.once('message', resolve).once('error', reject)
    child.send(files)
  })
}

async function print(only) {
  installLibraries()
  const percent = ratio => `${((ratio - 1) * 100).toFixed(1)} %`
  const row = (name, ...cells) => console.log(name.padEnd(14), ...cells.map(cell => `${cell}`.padStart(12)))
  const medians = []
  row('minified', 'slowdown', 'quartiles', '', 'gzip before', 'growth', 'transform')
  for (const library of LIBRARIES.filter(name => !only.length || only.includes(name))) {
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
}
