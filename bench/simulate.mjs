// npm run simulate -- --scenario bad-deploy|all --sessions 1000000 --seeds 3 --target 10 --json
// Sessions, their storms, the collector's rates and its estimates over simulated time, with the modules that ship; only
// the network and the database are left out. A scenario is a file in bench/scenarios/. `--first-seed` goes on where
// another run ended, `--draw FILE` draws the first seed.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { keep, threshold } from '../src/sample.ts'
import { createCollector } from './simulated-collector.mjs'
import { askForRules, createRandom, leaves, realNowMs, reportsOf } from './simulated-page.mjs'
import { stormPicture } from './storm-picture.mjs'

const FOLDER = 'bench/scenarios'
const TICK_MS = 100
const RETRY_MS = 15_000
/** Of a storm: by then it has settled, and so long nothing can be asked of it. */
const SETTLED_S = 30
const BEGUN_S = 5

const { values: asked } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'all' },
    sessions: { type: 'string', default: '100000' },
    seeds: { type: 'string', default: '1' },
    'first-seed': { type: 'string', default: '1' },
    target: { type: 'string', default: '10' },
    draw: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const all = readdirSync(FOLDER).map(file => file.replace('.json', ''))
const names = asked.scenario === 'all' ? all : asked.scenario.split(',')
for (const name of names) {
  if (!all.includes(name)) throw new Error(`There is no scenario ${name}: ${all.join(', ')}.`)
  const scenario = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8'))
  const runs = []
  for (let i = 0; i < Number(asked.seeds); i++) {
    const seed = Number(asked['first-seed']) + i
    const { seconds, ...run } = await simulate(scenario, { sessions: Number(asked.sessions), seed })
    const figures = { scenario: name, seed, ...run }
    if (asked.draw && i === 0) writeFileSync(asked.draw, stormPicture(seconds))
    if (asked.json) console.log(JSON.stringify(figures))
    else if (runs.length === 0) (console.log(`\n${name}: ${scenario.about}`), console.table(rowsOf(figures)))
    runs.push(figures)
  }
  if (runs.length > 1) console.error(summaryOf(name, runs))
}

/** @returns every figure of one run, by its name, and what came and was kept in each second */
async function simulate(scenario, { sessions, seed }) {
  const random = createRandom(seed)
  const startedMs = realNowMs()
  const reports = reportsOf(scenario, { sessions, random })
  const truth = truthOf(reports)
  const target = Number(asked.target)
  const collector = createCollector({ keptPerError: target, keptInAll: 20 * target })
  const requests = await deliver(reports, collector, scenario)
  collector.close()
  const estimates = Object.fromEntries(
    ['events', 'sessions'].map(what => {
      const { estimate, low, high } = collector.estimate(what)
      const real = truth[what]
      return [what, { true: real, estimate, low, high, isIn: low <= real && real <= high }]
    }),
  )
  const firstReportsS = [...truth.firstMs].map(
    ([fp, ms]) => ((collector.firstMs.get(fp) ?? Infinity) - ms) / 1000,
  )
  return {
    sessions,
    errors: truth.firstMs.size,
    errorsReported: collector.firstMs.size,
    slowestFirstReportS: firstReportsS.reduce((most, s) => Math.max(most, s), 0),
    occurrences: estimates.events,
    affectedSessions: estimates.sessions,
    requests,
    requestsPerSession: (requests.events + requests.rows + requests.rules) / sessions,
    ...collector.counts,
    ...paceOf(truth, collector, scenario),
    peers: peersOf(reports, truth, random),
    runTimeS: (realNowMs() - startedMs) / 1000,
    seconds: truth.perSecond.map((offered, second) => ({
      offered,
      ...(collector.perSecond.get(second) ?? { stored: 0, estimated: 0 }),
    })),
  }
}

/** What leaves the pages under the rules they know, and arrives; @returns how many requests that took. */
async function deliver(reports, collector, { restart, rulesAway }) {
  const requests = { events: 0, rows: 0, rules: 0 }
  const byTick = []
  const tickOf = ms => Math.ceil(ms / TICK_MS)
  const put = (report, ms) => (byTick[tickOf(ms)] ??= []).push(report)
  const isIn = (span, ms) => span !== undefined && ms >= span.from * 1000 && ms < span.until * 1000
  const attempt = (report, nowMs) => {
    const ask = () => {
      requests.rules++
      return isIn(restart, nowMs) || isIn(rulesAway, nowMs) ? undefined : collector.rules()
    }
    const readyMs = report.isReady ? nowMs : askForRules(report, nowMs, ask)
    report.isReady = readyMs > nowMs
    if (report.isReady) return put(report, readyMs)
    if (!leaves(report)) return
    requests[report.isRow ? 'rows' : 'events']++
    if (!isIn(restart, nowMs)) return collector.take(report)
    // What finds nobody is tried again, a while after somebody is there.
    put(report, restart.until * 1000 + RETRY_MS * threshold(report.session.sid, 'retry'))
  }
  for (const report of reports) put(report, report.atMs)
  for (let tick = 0; tick < byTick.length; tick++) {
    const nowMs = tick * TICK_MS
    if (restart && tick === tickOf(restart.until * 1000)) collector.start()
    await collector.passTime(nowMs, ms => isIn(restart, ms))
    for (const report of byTick[tick] ?? []) attempt(report, nowMs)
    byTick[tick] = undefined
  }
  return requests
}

function truthOf(reports) {
  const firstMs = new Map()
  const perSecond = []
  let events = 0
  let sessions = 0
  for (const { atMs, claim, isFirst, isRow } of reports) {
    events += claim.n
    if (isFirst) sessions++
    if (!firstMs.has(claim.fp)) firstMs.set(claim.fp, atMs)
    const second = Math.floor(atMs / 1000)
    if (!isRow) perSecond[second] = (perSecond[second] ?? 0) + 1
  }
  return { firstMs, events, sessions, perSecond: Array.from(perSecond, offered => offered ?? 0) }
}

/** How much is stored while a storm goes on: settled, and beside what would come if nothing were sampled. */
function paceOf({ perSecond }, collector, { errors }) {
  const storedIn = second => collector.perSecond.get(second)?.stored ?? 0
  const begin = perSecond.findIndex(offered => offered > 0)
  const end = Math.max(...errors.map(({ until }) => until))
  const shares = perSecond.map((offered, second) => storedIn(second) / Math.max(1, offered))
  const settled = Array.from({ length: Math.max(0, end - begin - SETTLED_S) }, (_, i) =>
    storedIn(begin + SETTLED_S + i),
  )
  return {
    storedPerSecond: {
      peak: Math.max(...perSecond.map((_, second) => storedIn(second))),
      settled: mean(settled),
    },
    storedShare: {
      first5s: Math.max(...shares.slice(begin, begin + BEGUN_S)),
      later: Math.max(...shares.slice(begin + BEGUN_S, end)),
    },
  }
}

/** The same with what others do; they have no storm control, so each occurrence is an event. */
function peersOf(reports, truth, random) {
  const seen = { perEvent: new Set(), ofSessions: new Set() }
  const counts = { perEvent: 0, ofSessions: 0 }
  // How many occurrences are passed over until the next one that a coin of 1 % keeps.
  const passOver = () => Math.floor(Math.log(1 - random()) / Math.log(0.99))
  let next = passOver()
  const sampled = new Map()
  for (const { claim, session } of reports) {
    const { fp, n } = claim
    for (next -= n; next < 0; next += 1 + passOver()) {
      counts.perEvent++
      seen.perEvent.add(fp)
    }
    if (!sampled.has(session)) sampled.set(session, keep(session.sid, '', 0.01))
    if (!sampled.get(session)) continue
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

function rowsOf({ scenario: _, errors, errorsReported, peers, ...figures }) {
  const text = ({ true: real, estimate, low, high }) =>
    `${real} ≈ ${estimate} (${low}–${high}), ${percent(estimate, real)} %`
  const textOf = value =>
    typeof value !== 'object'
      ? value
      : 'estimate' in value
        ? text(value)
        : Object.entries(value)
            .map(([name, number]) => `${name} ${Number(number.toPrecision(4))}`)
            .join(', ')
  return {
    errors: { value: `${errorsReported} of ${errors} reported` },
    ...Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, { value: textOf(value) }])),
    ...Object.fromEntries(
      Object.entries(peers).map(([name, of]) => [
        name,
        { value: `${of.stored} stored, ${of.errorsReported} errors, ${of.occurrencesErrorPercent} % off` },
      ]),
    ),
  }
}

/** Bias in standard errors and coverage over all seeds. */
function summaryOf(name, runs) {
  const lines = ['occurrences', 'affectedSessions'].map(what => {
    const errors = runs.map(run => run[what].estimate / run[what].true - 1)
    const bias = mean(errors)
    const deviation = Math.sqrt(mean(errors.map(error => (error - bias) ** 2)) / (runs.length - 1))
    const coverage = mean(runs.map(run => Number(run[what].isIn)))
    return `  ${what}: bias ${(100 * bias).toFixed(3)} %, standard error ${(100 * deviation).toFixed(3)} %, ${(100 * coverage).toFixed(1)} % of the intervals hold the truth`
  })
  return [`${name}, over ${runs.length} seeds`, ...lines].join('\n')
}

function percent(estimate, real) {
  return Number(((100 * (estimate - real)) / (real || 1)).toFixed(2))
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / (numbers.length || 1)
}
