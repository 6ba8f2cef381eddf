// npm run simulate -- --scenario bad-deploy|all --sessions 1000000 --seeds 3 --target 10 --json
// Sessions, their storms, the collector's rates and its estimates over simulated time, with the modules that ship; only
// the network and the database are left out. A scenario is a file in bench/scenarios/.

import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { draw } from '../collector/src/draw.ts'
import { EMPTY_SAMPLE, estimateOf, mergeSamples } from '../collector/src/estimate.ts'
import { rulesOf, SLOTS, slotOf } from '../collector/src/sampling-rules.ts'
import { hash32, hex32 } from '../src/hash.ts'
import { threshold } from '../src/sample.ts'
import { admit, countStorm, stormCounts } from '../src/storm.ts'
import { createRandom, openPage, realNowMs, setPageMs, storms } from './simulated-page.mjs'

const FOLDER = 'bench/scenarios'
const REFRESH_MS = 1000
const START_MS = 1_700_000_000_000
/** Pages open one after the other by their own clocks, so that none finds the bucket of another. */
const GAP_MS = 3_600_000
const RETRY_MS = 15_000

let baseMs = 0

const { values: asked } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'all' },
    sessions: { type: 'string', default: '100000' },
    seeds: { type: 'string', default: '1' },
    target: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
})
const all = readdirSync(FOLDER).map(file => file.replace('.json', ''))
const names = asked.scenario === 'all' ? all : [asked.scenario]
for (const name of names) {
  if (!all.includes(name)) throw new Error(`There is no scenario ${name}: ${all.join(', ')}.`)
  const scenario = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8'))
  const runs = []
  for (let seed = 1; seed <= Number(asked.seeds); seed++) {
    const figures = {
      scenario: name,
      seed,
      ...simulate(scenario, { sessions: Number(asked.sessions), seed }),
    }
    if (asked.json) console.log(JSON.stringify(figures))
    else if (runs.length === 0) (console.log(`\n${name}: ${scenario.about}`), console.table(rowsOf(figures)))
    runs.push(figures)
  }
  if (runs.length > 1 && !asked.json) console.log(summaryOf(runs))
}

/** @returns every figure of one run, by its name */
function simulate(scenario, { sessions, seed }) {
  const random = createRandom(seed)
  const startedMs = realNowMs()
  const reports = clients(scenario, { sessions, random })
  const truth = truthOf(reports)
  const kept = collect(reports, scenario)
  const estimates = Object.fromEntries(
    ['events', 'sessions'].map(what => {
      const { estimate, low, high } = estimateOf(mergeSamples([...kept.samples.values()].map(of => of[what])))
      return [
        what,
        { true: truth[what], estimate, low, high, isIn: low <= truth[what] && truth[what] <= high },
      ]
    }),
  )
  return {
    sessions,
    errors: truth.firstMs.size,
    errorsReported: kept.firstMs.size,
    slowestFirstReportS:
      Math.max(0, ...[...truth.firstMs].map(([fp, ms]) => (kept.firstMs.get(fp) ?? Infinity) - ms)) / 1000,
    occurrences: estimates.events,
    affectedSessions: estimates.sessions,
    requestsPerSession: reports.length / sessions,
    keptPerSecond: { peak: kept.peak, last30s: kept.settled },
    shed: kept.shed,
    stored: kept.stored,
    peers: peersOf(reports, truth, random),
    runTimeS: (realNowMs() - startedMs) / 1000,
  }
}

/** All that leaves the pages, in order of time: `{ atMs, sid, fp, n }`, and `first` for a session's first of an error. */
function clients({ errors, clockErrorS = 0, seconds }, { sessions, random }) {
  const reports = []
  for (const [kind, { count, share, from, until, occurrences, everyMs = 3000, grows }] of errors.entries())
    for (let i = 0; i < count; i++) {
      const fp = hex32(hash32(`${kind} ${i}`)) + hex32(hash32(`+${kind} ${i}`))
      const affected = Math.max(1, Math.round(sessions * share))
      for (let session = 0; session < affected; session++) {
        const sid = [0, 0, 0, 0].map(() => hex32(Math.floor(random() * 2 ** 32))).join('')
        const beginMs = 1000 * (from + (until - from) * (grows ? Math.sqrt(random()) : random()))
        baseMs += GAP_MS
        openPage(sid, START_MS + 1000 * clockErrorS * (2 * random() - 1))
        // The same each time for a loop, else spread around the mean.
        const times = everyMs < 1000 ? occurrences : 1 + Math.floor(random() * (2 * occurrences - 1))
        let atMs = beginMs
        let isFirst = true
        for (let time = 0; time < times && atMs < seconds * 1000; time++, atMs += everyMs) {
          setPageMs(baseMs + atMs)
          const n = admit(countStorm(fp))
          if (n) reports.push({ atMs, sid, fp, n, isFirst })
          isFirst = false
        }
        for (const storm of storms()) Object.assign(storm, { p: 1, fp })
        for (const line of stormCounts().split('\n').slice(2))
          for (const { n } of JSON.parse(line).rows) reports.push({ atMs, sid, fp, n, isRow: true })
      }
    }
  return reports.sort((a, b) => a.atMs - b.atMs)
}

/** What becomes of it in the collector, whose rates are made anew each second of what has arrived. */
function collect(reports, { restart, seconds }) {
  const targets = { keptPerError: Number(asked.target), keptInAll: 20 * Number(asked.target) }
  const slots = new Map()
  const draws = new Map()
  const samples = new Map()
  const firstMs = new Map()
  const perSecond = new Map()
  let rules = { default: 1, rates: {} }
  let nextMs = 0
  let shed = 0
  let stored = 0
  const isAway = ms => restart && ms >= restart.from * 1000 && ms < restart.until * 1000
  // What finds nobody is sent again, a while after somebody is there.
  const arriving = reports
    .map(report =>
      isAway(report.atMs)
        ? { ...report, atMs: restart.until * 1000 + RETRY_MS * threshold(report.sid, 'retry') }
        : report,
    )
    .sort((a, b) => a.atMs - b.atMs)
  for (const { atMs, sid, fp, n, isRow } of arriving) {
    for (; nextMs <= atMs; nextMs += REFRESH_MS)
      if (!isAway(nextMs)) rules = rulesOf(countsOf(slots, nextMs), nextMs, targets)
    const rate = rules.rates[fp] ?? rules.default
    if (!isRow) {
      const slot = slots.get(slotOf(atMs)) ?? new Map()
      slots.set(slotOf(atMs), slot.set(fp, (slot.get(fp) ?? 0) + 1))
    }
    if (threshold(sid, fp) >= rate) {
      shed += isRow ? 0 : 1
      continue
    }
    const id = `${sid} ${fp}`
    // A row of counts belongs to the events of its session, or to nobody.
    if (isRow && !draws.has(id)) continue
    const { after, events, session } = draw(draws.get(id), { rate, n })
    draws.set(id, after)
    const known = samples.get(fp) ?? { events: EMPTY_SAMPLE, sessions: EMPTY_SAMPLE }
    samples.set(fp, {
      events: mergeSamples([known.events, events]),
      sessions: mergeSamples([known.sessions, session]),
    })
    if (isRow) continue
    stored++
    if (!firstMs.has(fp)) firstMs.set(fp, atMs)
    const second = Math.floor(atMs / 1000)
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
  }
  const last = Math.min(seconds, 1 + Math.floor((arriving.findLast(({ isRow }) => !isRow)?.atMs ?? 0) / 1000))
  const settled = Array.from({ length: 30 }, (_, i) => perSecond.get(last - 31 + i) ?? 0)
  return { samples, firstMs, shed, stored, peak: Math.max(...perSecond.values()), settled: mean(settled) }
}

/** What the store reads of its table of arrivals. */
function countsOf(slots, nowMs) {
  const now = slotOf(nowMs)
  const byFp = new Map()
  const total = { current: 0, previous: 0, all: 0 }
  for (let slot = now - SLOTS + 1; slot <= now; slot++)
    for (const [fp, weight] of slots.get(slot) ?? []) {
      const sums = byFp.get(fp) ?? { fp, current: 0, previous: 0, all: 0 }
      for (const of of [sums, total]) {
        of.all += weight
        if (slot === now) of.current += weight
        if (slot === now - 1) of.previous += weight
      }
      byFp.set(fp, sums)
    }
  slots.delete(now - SLOTS)
  return { hottest: [...byFp.values()].sort((a, b) => b.all - a.all).slice(0, 200), total }
}

function truthOf(reports) {
  const firstMs = new Map()
  let events = 0
  let sessions = 0
  for (const { atMs, fp, n, isFirst } of reports) {
    events += n
    if (isFirst) sessions++
    if (!firstMs.has(fp)) firstMs.set(fp, atMs)
  }
  return { firstMs, events, sessions }
}

/** The same with what others do; they have no storm control, so each occurrence is an event. */
function peersOf(reports, truth, random) {
  const seen = { perEvent: new Set(), ofSessions: new Set() }
  const counts = { perEvent: 0, ofSessions: 0 }
  for (const { sid, fp, n } of reports) {
    const isSampled = threshold(sid, '') < 0.01
    for (let i = 0; i < n; i++)
      if (random() < 0.01) {
        counts.perEvent++
        seen.perEvent.add(fp)
      }
    if (!isSampled) continue
    counts.ofSessions += n
    seen.ofSessions.add(fp)
  }
  const of = what => ({
    stored: counts[what],
    errorsReported: seen[what].size,
    occurrencesErrorPercent: percent(100 * counts[what], truth.events),
  })
  return {
    'keep all': { stored: truth.events, errorsReported: truth.firstMs.size, occurrencesErrorPercent: 0 },
    '1 % of events': of('perEvent'),
    '1 % of sessions': of('ofSessions'),
  }
}

function rowsOf({ occurrences, affectedSessions, errors, errorsReported, peers, stored, ...others }) {
  const text = ({ true: real, estimate, low, high }) =>
    `${real} ≈ ${estimate} (${low}–${high}), ${percent(estimate, real)} %`
  const { scenario: _, keptPerSecond, ...plain } = others
  return {
    errors: { value: `${errorsReported} of ${errors} reported` },
    occurrences: { value: text(occurrences) },
    'affected sessions': { value: text(affectedSessions) },
    'kept per second': {
      value: `${keptPerSecond.peak} at the peak, ${keptPerSecond.last30s.toFixed(1)} in the last 30 s`,
    },
    stored: { value: stored },
    ...Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, { value }])),
    ...Object.fromEntries(
      Object.entries(peers).map(([name, of]) => [
        name,
        { value: `${of.stored} stored, ${of.errorsReported} errors, ${of.occurrencesErrorPercent} % off` },
      ]),
    ),
  }
}

/** Bias in standard errors and coverage over all seeds. */
function summaryOf(runs) {
  const lines = ['occurrences', 'affectedSessions'].map(what => {
    const errors = runs.map(run => run[what].estimate / run[what].true - 1)
    const bias = mean(errors)
    const deviation = Math.sqrt(mean(errors.map(error => (error - bias) ** 2)) / (runs.length - 1))
    const coverage = mean(runs.map(run => Number(run[what].isIn)))
    return `${what}: bias ${(100 * bias).toFixed(3)} %, standard error ${(100 * deviation).toFixed(3)} %, ${(100 * coverage).toFixed(1)} % of the intervals hold the truth`
  })
  return [`over ${runs.length} seeds`, ...lines].join('\n')
}

function percent(estimate, real) {
  return Number(((100 * (estimate - real)) / (real || 1)).toFixed(2))
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / (numbers.length || 1)
}
