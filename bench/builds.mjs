// npm run bench -- builds [bundler …]: how long each bundler takes to build an application, the whole command in a process
// of its own, from its start: without the plugin, with it, with local variables too, and with these once more, when what
// instrumenting gave is still there. The four take turns.

import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { install } from '../e2e/install.mjs'
import { APPLICATIONS } from './libraries/applications.mjs'
import { installLibraries } from './libraries/build.mjs'

const ROUNDS = Number(process.env.ROUNDS ?? 15)
const BUNDLERS = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild']
const HOWS = ['none', 'plain', 'locals', 'again']
const folder = fileURLToPath(new URL('../e2e/bundlers/', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))
const exec = promisify(execFile)

const problem = await install(folder)
if (problem) throw new Error(problem)
installLibraries()
const wanted = process.argv.slice(process.argv.indexOf('builds') + 1)
row(
  '',
  'no plugin',
  'the plugin',
  'with locals',
  'longer by',
  'quartiles',
  'CPU time by',
  'again',
  'longer by',
  'quartiles',
)
for (const [name, application] of Object.entries(APPLICATIONS)) {
  const { bytes, own } = (await measure('rolldown', name, 'locals')).size
  console.log(
    `${name}: ${kb(bytes)} of JavaScript in the end, made of ${kb(own)} of its own and what it imports`,
  )
  for (const bundler of BUNDLERS) {
    if (wanted.length && !wanted.includes(bundler)) continue
    const rounds = []
    await measure(bundler, name, 'again') // leaves what the first round finds
    for (let i = 0; i < ROUNDS; i++) {
      const round = {}
      for (const how of i % 2 ? HOWS : HOWS.toReversed()) round[how] = await measure(bundler, name, how)
      rounds.push(round)
    }
    const [none, plain, locals, again] = HOWS.map(
      how => `${median(rounds.map(round => round[how].ms)).toFixed(0)} ms`,
    )
    const longerBy = how => {
      const ratios = rounds.map(round => round[how].ms / round.plain.ms).sort((a, b) => a - b)
      const [low, high] = [0.25, 0.75].map(part => percent(ratios[Math.floor(ROUNDS * part)]))
      return [percent(median(ratios)), `${low} … ${high}`]
    }
    const cpu = percent(median(rounds.map(({ plain, locals }) => locals.cpuMs / plain.cpuMs)))
    const title = bundler === application.bundler ? `${bundler}, its own` : bundler
    row(title, none, plain, locals, ...longerBy('locals'), cpu, again, ...longerBy('again'))
  }
}

async function measure(bundler, name, how) {
  if (how === 'locals') rmSync(`${root}node_modules/.cache/ohnoes-plugin`, { recursive: true, force: true })
  const args = [`${folder}build-application.mjs`, bundler, name, how === 'again' ? 'locals' : how]
  // Else Vite builds for development.
  const env = { ...process.env, NODE_ENV: 'production' }
  const { stdout } = await exec(process.execPath, args, { cwd: root, env })
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

function row(name, ...cells) {
  console.log(name.padEnd(18), ...cells.map(cell => `${cell}`.padStart(16)))
}

function kb(bytes) {
  return `${(bytes / 1000).toFixed(0)} kB`
}

function percent(ratio) {
  return `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(0)} %`
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}
