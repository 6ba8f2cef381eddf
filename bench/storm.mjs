// A bad deploy on a real collector: npm run bench -- storm [reports a second] [seconds]
// Reports of one new error come over loopback when they are due, faster than they could all be stored. Whatever is
// answered with 200 has to be stored or counted as shed, and the estimates have to hold what there was.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { loadAverage, startCollector, watchMemory } from './collector-process.mjs'

const LOAD = fileURLToPath(new URL('./storm-load.mjs', import.meta.url))
const MAX_MB = 600

const [perSecond = 5000, seconds = 30] = process.argv.slice(3).map(Number)
const dataDir = await mkdtemp(join(tmpdir(), 'ohnoes-storm-'))
try {
  console.log(`load average before: ${loadAverage()}`)
  const collector = await startCollector(dataDir)
  const get = async path => (await fetch(`${collector.url}/api/1/${path}`)).json()
  const memory = watchMemory(collector.pid)
  const load = spawn(process.execPath, [LOAD, collector.url, perSecond, seconds].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const sent = JSON.parse(await text(load.stdout))
  const peakMb = memory.stop() / 2 ** 20
  const { stored, shed } = await get('outcomes')
  const {
    groups: [{ occurrences, sessions }],
  } = await get('groups')
  await collector.stop()

  const acknowledged = sent.statuses[200] ?? 0
  const holds = ({ low, high }, real) => low <= real && real <= high
  const interval = ({ estimate, low, high }, real) => `${real} ≈ ${estimate} (${low} to ${high})`
  console.log(`  offered                  ${sent.offered} in ${seconds} s: ${Math.round(sent.offeredPerSecond)}/s, over ${sent.connections} connections`) // prettier-ignore
  console.log(`  answers                  ${JSON.stringify(sent.statuses)}, none to ${sent.unanswered}`)
  console.log(`  answered after           p50 ${sent.p50Ms.toFixed(1)} ms · p99 ${sent.p99Ms.toFixed(1)} ms · max ${sent.maxMs.toFixed(0)} ms`) // prettier-ignore
  console.log(`  acknowledged             ${acknowledged} = ${stored} stored + ${shed} shed`)
  console.log(`  occurrences              ${interval(occurrences, acknowledged)}`)
  console.log(`  sessions                 ${interval(sessions, sent.sessions)}`)
  console.log(`  resident                 ${peakMb.toFixed(0)} MB at most`)
  const wrong = Object.entries({
    'not all of it was counted': stored + shed !== acknowledged,
    'not all of it was acknowledged': acknowledged !== sent.offered,
    'the occurrences are not in their interval': !holds(occurrences, acknowledged),
    'the sessions are not in their interval': !holds(sessions, sent.sessions),
    'it took too much memory': peakMb > MAX_MB,
  }).flatMap(([what, is]) => (is ? [what] : []))
  if (wrong.length) throw new Error(wrong.join(', '))
} finally {
  await rm(dataDir, { recursive: true })
}
