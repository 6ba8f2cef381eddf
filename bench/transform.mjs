// npm run bench -- transform: where the time of the transform goes, in processes that have just begun, as those of builds
// have: the modules of openapi-explorer once, in milliseconds of CPU, the threads of the engine among them.

import { fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { APPLICATIONS } from './libraries/applications.mjs'
import { installLibraries } from './libraries/build.mjs'

const PROCESSES = 15
const STEPS = ['parse, natively', 'parse, by acorn', 'parse and resolve', 'all of it']

if (process.send) process.once('message', measure)
else await print()

async function measure(step) {
  const folder = APPLICATIONS['openapi-explorer'].input.replace(/[^/]*$/, '')
  const codes = readdirSync(folder, { recursive: true })
    .filter(name => name.endsWith('.js'))
    .map(name => readFileSync(folder + name, 'utf8'))
  const [{ parse, parseAsAcorn }, { resolveNames }, { instrument }] = await Promise.all(
    ['parse', 'resolve', 'instrument'].map(name => import(`../plugin/dist/${name}.js`)),
  )
  const before = process.cpuUsage()
  for (const code of codes)
    if (step === STEPS[0]) parse(code, false)
    else if (step === STEPS[1]) parse(code, false, parseAsAcorn)
    else if (step === STEPS[2]) resolveNames(parse(code, false).program, true)
    else instrument(code, { filename: 'module.js' })
  const { user, system } = process.cpuUsage(before)
  const bytes = codes.reduce((sum, code) => sum + code.length, 0)
  process.send({ ms: (user + system) / 1000, bytes }, () => process.exit())
}

async function print() {
  installLibraries()
  const results = Object.fromEntries(STEPS.map(step => [step, []]))
  for (let i = 0; i < PROCESSES; i++) for (const step of STEPS) results[step].push(await inProcess(step))
  console.log(`${(results[STEPS[0]][0].bytes / 1000).toFixed(0)} kB; median and quartiles`)
  for (const [step, runs] of Object.entries(results)) {
    const sorted = runs.map(({ ms }) => ms).sort((a, b) => a - b)
    const [low, middle, high] = [0.25, 0.5, 0.75].map(part => sorted[Math.floor(PROCESSES * part)].toFixed(0))
    console.log(step.padEnd(20), `${middle} ms`.padStart(8), `  ${low} … ${high}`)
  }
}

function inProcess(step) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url))
    child.once('message', resolve).once('error', reject)
    child.send(step)
  })
}
