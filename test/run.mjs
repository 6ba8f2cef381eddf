// `npm test`: builds, sets the browsers up, runs all suites. Its last line is `N passed, N failed` over all of them.

import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const REPORTS = 'test-results'
const bin = /** @param {string} name */ name => `node_modules/.bin/${name}`

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
rmSync(REPORTS, { recursive: true, force: true })

/** @type {import('node:child_process').ChildProcess | undefined} */
let current
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt)

/** @type {Map<string, Counts>} */
const suites = new Map()
const leftOut = await prepare()
if (leftOut) {
  await suite('unit', ['vitest', 'run', '--reporter=default', '--reporter=json'], vitestCounts)
  await suite('e2e', ['playwright', 'test'], playwrightCounts)
}
summarise(leftOut ?? [])

/** @returns {Promise<string[] | undefined>} the engines that are left out, or nothing if there is nothing to run on */
async function prepare() {
  try {
    const { ENGINES, setUpEngines, wantedEngines } = await import('../e2e/engines.mjs')
    const wanted = wantedEngines()
    const leftOut = ENGINES.filter(engine => !wanted.includes(engine))
    if (process.env.CI && leftOut.length)
      throw new Error(`CI runs all engines, not without ${leftOut.join(', ')}`)
    const problem = await run('npm', ['run', '--silent', 'build'])
    if (problem) throw new Error(`the build ${problem}`)
    await setUpEngines(wanted)
    return leftOut
  } catch (error) {
    fail('set-up', error instanceof Error ? error.message : String(error))
    return undefined
  }
}

/**
 * Runs a suite and counts from its report. One that ends badly without a failed test in its report (it crashed, or
 * a file could not be loaded) is one failure: it must never look like success.
 * @param {string} name
 * @param {string[]} command
 * @param {(report: any) => Counts} count
 */
async function suite(name, [tool = '', ...args], count) {
  if (isInterrupted) return
  console.log(`\n— ${name} —`)
  const file = `${REPORTS}/${name}.json`
  const output = tool === 'vitest' ? [`--outputFile.json=${file}`] : []
  const problem = await run(process.execPath, [bin(tool), ...args, ...output])
  try {
    const counts = count(JSON.parse(readFileSync(file, 'utf8')))
    suites.set(name, counts)
    if (problem && counts.failed === 0) fail(name, `${tool} ${problem} without a failed test`)
    if (counts.passed + counts.failed === 0) fail(name, 'not one test ran')
  } catch (error) {
    fail(name, `${tool} ${problem ?? 'ended'} without a report: ${error}`)
  }
}

/**
 * @param {string} name
 * @param {string} reason
 */
function fail(name, reason) {
  console.log(`\n${name} failed: ${reason}`)
  const counts = suites.get(name) ?? { passed: 0, failed: 0, skipped: 0 }
  suites.set(name, { ...counts, failed: counts.failed + 1 })
}

/** @type {(report: any) => Counts} */
function vitestCounts(report) {
  /** @param {any} file */
  const isUnloadable = file => file.status === 'failed' && file.assertionResults.length === 0
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.testResults.filter(isUnloadable).length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** @type {(report: any) => Counts} */
function playwrightCounts({ stats, errors }) {
  if (stats.flaky)
    console.log(`\n${stats.flaky} passed at the second attempt only, and are named above as flaky.`)
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  }
}

/** @param {string[]} leftOut */
function summarise(leftOut) {
  if (isInterrupted) fail('run', 'interrupted')
  const total = { passed: 0, failed: 0, skipped: 0 }
  console.log('')
  for (const [name, counts] of suites) {
    console.log(`${name}: ${line(counts)}`)
    for (const key of /** @type {(keyof Counts)[]} */ (Object.keys(total))) total[key] += counts[key]
  }
  if (leftOut.length) {
    const names = leftOut.join(', ').toUpperCase()
    const bar = '!'.repeat(72)
    console.log(`\n${bar}\n!! NOT TESTED IN ${names}: left out by OHNOES_ENGINES.\n${bar}\n`)
  }
  process.exitCode = total.failed ? 1 : 0
  console.log(line(total))
}

/** @param {Counts} counts */
function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`
}

/**
 * In a process group of its own, so that a Ctrl-C reaches it once, from here: a second one would stop Playwright
 * before it has closed its browsers.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<string | undefined>} how it ended, if not well
 */
function run(command, args) {
  return new Promise(resolve => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true })
    current = child
    child.once('error', error => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? code}`))
  })
}

function interrupt() {
  if (isInterrupted) return
  isInterrupted = true
  const child = current
  if (!child?.pid || child.exitCode !== null) {
    // Between two children, or while the engines are looked for: nothing to wait for
    summarise([])
    process.exit()
  }
  const group = -child.pid
  child.kill('SIGINT')
  const force = setTimeout(() => process.kill(group, 'SIGKILL'), 20_000)
  child.once('exit', () => clearTimeout(force))
}
