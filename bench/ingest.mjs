// What the collector takes in: npm run bench -- ingest [seconds] [events stored before it …]
// A folder named by OHNOES_DATA is used and kept, so that what takes long to fill is filled once.
// A collector with everything on, and a second process that sends envelopes of 3 KB over 96 connections; each counts
// once it is acknowledged, which is once it is on the disk. Then the same once more, while the group list is asked for.
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { envOf, loadAverage, MAIN, startCollector, watchMemory } from './collector-process.mjs'
import { fill } from './fill.mjs'

const LOAD = fileURLToPath(new URL('./load.mjs', import.meta.url))
const CONNECTIONS = 96
const WARM_UP_S = 3

const [seconds = 15, ...sizes] = process.argv.slice(3).map(Number)
// Into an empty store each error would be a new one for a while, which costs the most and is rare in production.
if (!sizes.length) sizes.push(100_000)
const keptDir = process.env.OHNOES_DATA
const dataDir = keptDir ?? (await mkdtemp(join(tmpdir(), 'ohnoes-bench-')))
/** Tells the ids of one run from those of all others, earlier ones on a kept folder included. */
let run = Math.floor(Date.now() / 1000) % 2 ** 28
const env = envOf(dataDir)

try {
  console.log(
    `${cpus().length} × ${cpus()[0].model}, shared with the generator; load average before: ${loadAverage()}`,
  )
  await setUp()
  for (const size of sizes) {
    if (size) await fill(dataDir, size)
    for (const isRead of [false, true]) await measure(size, isRead)
  }
} finally {
  if (keptDir === undefined) await rm(dataDir, { recursive: true })
}

/** A project with all that can be on: every filter that lets the events through, a quota, a limit per client. */
async function setUp() {
  const command = (...words) => execFileSync(process.execPath, [MAIN, ...words], { env })
  const collector = await startCollector(dataDir)
  try {
    command('project', 'set', '1', '--filters', 'extensions,crawlers,legacy-browsers,localhost')
    command('project', 'set', '1', '--events-per-client-per-hour', '100000000', '--scrub-keys', 'iban')
    // The rates of sampling are made and asked for, and none is below 1: all of it is to be stored.
    command('project', 'set', '1', '--kept-per-error', '100000', '--kept-in-all', '100000')
    command('key', 'set', '1', 'demo', '--events-per-hour', '1000000000', '--origins', 'https://shop.example')
  } finally {
    await collector.stop()
  }
}

async function measure(size, isRead) {
  const collector = await startCollector(dataDir)
  await (
    await startLoad(collector.url, WARM_UP_S)
  ).result
  const before = await statsOf(collector)
  const watch = watchMemory(collector.pid)
  const load = await startLoad(collector.url, seconds)
  const [sent, lists] = await Promise.all([
    load.result,
    isRead ? askForLists(collector.url, seconds) : undefined,
  ])
  const after = await statsOf(collector)
  const peakMb = watch.stop() / 2 ** 20
  await collector.stop()

  const cpuUs = (after.cpuMs - before.cpuMs) * 1000
  console.log(`\n${size.toLocaleString('en')} events stored before${isRead ? ', and read' : ''} · ${seconds} s · ${CONNECTIONS} connections · ${Math.round(sent.meanBytes)} bytes each`) // prettier-ignore
  console.log(`  durable envelopes        ${Math.round(sent.perSecond)}/s`)
  console.log(`  acknowledged after       p50 ${sent.p50Ms.toFixed(1)} ms · p99 ${sent.p99Ms.toFixed(1)} ms · max ${sent.maxMs.toFixed(0)} ms`) // prettier-ignore
  console.log(`  resident                 ${peakMb.toFixed(0)} MB at most`)
  console.log(`  processor                ${(cpuUs / sent.acknowledged).toFixed(0)} µs an envelope, and ${((sent.cpuMs * 1000) / sent.acknowledged).toFixed(0)} µs in the generator`) // prettier-ignore
  if (lists) console.log(`  group list meanwhile     p50 ${lists.p50Ms.toFixed(0)} ms · p95 ${lists.p95Ms.toFixed(0)} ms · ${lists.count} asked`) // prettier-ignore
  const stored = after.stored - before.stored
  console.log(`  acknowledged and stored  ${sent.acknowledged} = ${stored}`)
  if (stored !== sent.acknowledged || Object.keys(sent.statuses).join() !== '200')
    throw new Error(`Not all of it was stored: ${JSON.stringify(sent.statuses)}`)
}

/** Resolves when the first is sent. */
async function startLoad(url, forSeconds) {
  const child = spawn(process.execPath, [LOAD, url, CONNECTIONS, forSeconds, ++run].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  return { result: lines.next().then(({ value }) => JSON.parse(value)) }
}

async function askForLists(url, forSeconds) {
  const times = []
  for (const endMs = performance.now() + forSeconds * 1000; performance.now() < endMs;) {
    const startedMs = performance.now()
    const response = await fetch(`${url}/api/1/groups`)
    if (!response.ok) throw new Error(`The group list answered ${response.status}.`)
    await response.arrayBuffer()
    times.push(performance.now() - startedMs)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  times.sort((a, b) => a - b)
  const at = share => times[Math.floor(share * (times.length - 1))]
  return { p50Ms: at(0.5), p95Ms: at(0.95), count: times.length }
}

async function statsOf({ url, pid }) {
  const { stored } = await (await fetch(`${url}/api/1/outcomes`)).json()
  // Fields 14 and 15 of the stat file, in hundredths of a second; the name before them may have spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return { stored, cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 }
}
