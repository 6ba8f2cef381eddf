// npm run bench -- symbolicate: positions in the map of a published package looked up by the collector, by
// @jridgewell/trace-mapping and by source-map, side by side in one run, each in a process of its own, in processor time.
import { execFileSync, fork } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const PACKAGE = 'mermaid@11.17.2'
const FILE = 'package/dist/mermaid.min.js'
const LOOKUPS = 1_000_000

const cache = fileURLToPath(new URL('../node_modules/.cache/bench-symbolicate/', import.meta.url))
const code = cache + FILE
const map = `${code}.map`
const packed = `${cache}packed`
const require = createRequire(import.meta.url)

// Each opens the map and says how to look up a 0-based position.
const LOADERS = {
  async ohnoes() {
    const { openPackedMap } = await import('../collector/dist/maps/packed-map.js')
    return () => {
      const opened = openPackedMap(packed)
      return (line, column) => opened.originalAt(opened.segmentAt(line, column))
    }
  },
  async 'ohnoes, with the function'() {
    const { openPackedMap } = await import('../collector/dist/maps/packed-map.js')
    return () => {
      const opened = openPackedMap(packed)
      return (line, column) => {
        return [opened.originalAt(opened.segmentAt(line, column)), opened.functionAt(line, column)]
      }
    }
  },
  async 'trace-mapping'() {
    const { originalPositionFor, TraceMap } = await import('@jridgewell/trace-mapping')
    return () => {
      const opened = new TraceMap(readFileSync(map, 'utf8'))
      return (line, column) => originalPositionFor(opened, { line: line + 1, column })
    }
  },
  async 'source-map'() {
    const { SourceMapConsumer } = require('source-map')
    return async () => {
      const opened = await new SourceMapConsumer(readFileSync(map, 'utf8'))
      return (line, column) => opened.originalPositionFor({ line: line + 1, column })
    }
  },
}

if (process.send) process.once('message', measure)
else await print()

async function measure(name) {
  const open = await LOADERS[name]()
  const positions = positionsOf(readFileSync(code, 'utf8'))
  gc()
  const before = process.memoryUsage().rss
  const opening = stopwatch()
  const lookUp = await open()
  lookUp(...positions[0])
  const coldMs = opening()
  for (let at = 0; at < LOOKUPS / 10; at++) lookUp(...positions[at])
  gc()
  const bytes = process.memoryUsage().rss - before
  const rounds = Array.from({ length: 5 }, () => {
    const looking = stopwatch()
    for (const [line, column] of positions) lookUp(line, column)
    return looking()
  })
  process.send({ coldMs, bytes, perSecond: LOOKUPS / (Math.min(...rounds) / 1000) })
  process.disconnect()
}

/** Milliseconds of processor time, which other work on the machine hardly changes; the best of a few is what counts. */
function stopwatch() {
  const started = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(started)
    return (user + system) / 1000
  }
}

/** The same million positions for all, spread over the file. */
function positionsOf(text) {
  const lines = text.split('\n')
  const starts = []
  let length = 0
  for (const line of lines) {
    starts.push(length)
    length += line.length
  }
  let seed = 8
  return Array.from({ length: LOOKUPS }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    const at = Math.floor((seed / 2 ** 32) * length)
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (starts[middle] <= at) low = middle
      else high = middle
    }
    return [low, at - starts[low]]
  })
}

async function pack() {
  const { createPacker } = await import('../collector/dist/maps/packer.js')
  const { gzipSync } = await import('node:zlib')
  const job = { map: gzipSync(readFileSync(map)), code: gzipSync(readFileSync(code)), path: packed }
  const startedMs = performance.now()
  const result = await createPacker()(job)
  if (!result.ok) throw new Error(result.reason)
  return performance.now() - startedMs
}

function install() {
  const bench = fileURLToPath(new URL('.', import.meta.url))
  if (!existsSync(`${bench}node_modules/source-map`)) execFileSync('npm', ['ci'], { cwd: bench })
  if (existsSync(map)) return
  rmSync(cache, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  const name = execFileSync('npm', ['pack', '--silent', PACKAGE], { cwd: cache, encoding: 'utf8' }).trim()
  execFileSync('tar', ['-xzf', name, FILE, `${FILE}.map`], { cwd: cache })
}

async function print() {
  install()
  const megabytes = bytes => (bytes / 1e6).toFixed(1)
  const mapBytes = statSync(map).size
  const packMs = await pack()
  console.log(`${PACKAGE} ${FILE}.map, ${megabytes(mapBytes)} MB`)
  console.log(`packed once: ${packMs.toFixed(0)} ms, ${megabytes(statSync(packed).size)} MB on disk\n`)
  console.log(
    `${''.padEnd(26)}cold load, 1st lookup   warm lookups/s   resident   per 20 MB of map`.trimEnd(),
  )
  for (const name of Object.keys(LOADERS)) {
    const child = fork(fileURLToPath(import.meta.url), { execArgv: ['--expose-gc'] })
    child.send(name)
    const { coldMs, bytes, perSecond } = await new Promise((resolve, reject) => {
      child.on('message', resolve)
      child.on('exit', code => reject(new Error(`${name} ended with ${code}`)))
    })
    console.log(
      name.padEnd(26) +
        `${coldMs.toFixed(0)} ms`.padStart(21) +
        `${(perSecond / 1e6).toFixed(2)} M`.padStart(17) +
        `${megabytes(bytes)} MB`.padStart(11) +
        `${megabytes((bytes / mapBytes) * 20e6)} MB`.padStart(19),
    )
  }
}
