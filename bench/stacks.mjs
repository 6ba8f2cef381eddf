// npm run bench -- stacks: how long the parsers take, side by side in one run, at ordinary and at hostile text.
//
// Every measurement runs in a process of its own with a limit: some of the peers take exponential time.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { loadParser, PARSERS, prepare } from './parsers.mjs'

const LIMIT_MS = 10_000
const LENGTHS = [1000, 2000, 4000, 8000, 16_000]

const frames = Array.from(
  { length: 50 },
  (_, i) => `    at Object.fn${i} (https://shop.example/assets/index-QYPoZyY2.js:${i + 1}:${i * 37})`,
)
const fill = (piece, length) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
const HOSTILE = {
  spaces: length => fill(' ', length) + 'x',
  hex: length => fill('0123456789abcdef', length),
  '(a)(a)…': length => fill('(a)', length),
  '((((…': length => fill('(', length),
  '@@@@…': length => fill('@', length),
  quotes: length => '"' + fill('":"', length) + '@',
  colons: length => fill(':1', length) + 'x',
  'eval at…': length => fill('eval at a (', length),
}
const stackOf = line => `Error: x\n    at ${line}\n    at f (${line})\n${line}`

let code
if (process.send) process.once('message', measure)
else {
  code = await prepare()
  await print()
}

/** The best of a few rounds: other work on the machine only ever adds time. */
async function measure({ name, code, stack, message }) {
  const parse = await loadParser(name, code)
  const rounds = []
  for (const ends = performance.now() + 300; rounds.length < 2 || performance.now() < ends;) {
    let runs = 0
    const start = performance.now()
    do {
      try {
        parse(stack, 'Error', message)
      } catch {
        // One that throws has taken its time, too.
      }
      runs++
    } while (performance.now() - start < 20)
    rounds.push((performance.now() - start) / runs)
  }
  process.send(Math.min(...rounds))
}

/** Milliseconds per stack, or undefined past the limit. */
function timeOf(name, stack, message = 'x') {
  return new Promise(resolve => {
    const child = fork(fileURLToPath(import.meta.url))
    const timer = setTimeout(() => done(undefined), LIMIT_MS + 2000)
    const done = result => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      resolve(result)
    }
    child.once('message', done)
    child.once('error', () => done(undefined))
    child.send({ name, code, stack, message })
  })
}

async function print() {
  const names = PARSERS
  const row = (what, cells) => console.log(what.padEnd(30), ...cells.map(cell => cell.padStart(18)))
  const show = ms => (ms == null ? '> 10 s' : ms < 1 ? `${(ms * 1000).toFixed(1)} µs` : `${ms.toFixed(1)} ms`)
  const compare = async (what, stack, divisor, message) => {
    const cells = []
    for (const name of names) {
      const ms = await timeOf(name, stack, message)
      cells.push(show(ms == null ? ms : ms / divisor))
    }
    row(what, cells)
  }

  row('per line', names)
  await compare('50 normal frames', `Error: x\n${frames.join('\n')}`, 50)
  for (const [what, line] of Object.entries(HOSTILE)) await compare(`1 kB of ${what}`, stackOf(line(1000)), 3)
  await compare('JSON message, 341 ch.', `Error: ${json(341)}`, 1, json(341))

  console.log('\nohnoes, per stack as the hostile line doubles (lines are cut at 2,048 characters)')
  row('', LENGTHS.map(String))
  for (const [what, line] of Object.entries(HOSTILE)) {
    const cells = []
    for (const length of LENGTHS) cells.push(show(await timeOf('ohnoes', stackOf(line(length)))))
    row(what, cells)
  }
  console.log('\nall, per stack as the line doubles')
  row('', LENGTHS.slice(0, 3).map(String))
  for (const what of ['spaces', 'quotes', '(a)(a)…'])
    for (const name of names) {
      const cells = []
      for (const length of LENGTHS.slice(0, 3)) {
        const ms = cells.at(-1) == '> 10 s' ? undefined : await timeOf(name, stackOf(HOSTILE[what](length)))
        cells.push(show(ms))
      }
      row(`${what}, ${name}`, cells)
    }
}

/** What an API answers and a page puts into its message: a header without frames, in which quotes abound. */
function json(length) {
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`key${i}`, `v${i}`])))
  return text.slice(0, length)
}
