// A collector for bench/simulate.mjs: its own rates, judgements, draws and estimates, with a database in memory and a clock
// that is set.

import { draw, heldBackRate } from '../collector/src/draw.ts'
import { EMPTY_SAMPLE, estimateOf, mergeSamples } from '../collector/src/estimate.ts'
import { readClaim } from '../collector/src/sample-claim.ts'
import { SLOTS, slotOf } from '../collector/src/sampling-rules.ts'
import { createSampling } from '../collector/src/sampling.ts'

/** Rates are made anew when they are older than a second. */
const REFRESH_MS = 1001

export function createCollector({ keptPerError, keptInAll }) {
  const project = { id: '1', settings: { keptPerError, keptInAll } }
  const slots = new Map()
  const draws = new Map()
  const samples = new Map()
  const perSecond = new Map()
  const counts = { stored: 0, shed: 0, unattributed: 0 }
  const firstMs = new Map()
  let nowMs = 0
  let readMs = 0
  let rules
  let sampling

  const store = {
    addArrivals: async (_project, atMs, weights) => {
      const slot = slots.get(slotOf(atMs)) ?? new Map()
      for (const [fp, weight] of weights) slot.set(fp, (slot.get(fp) ?? 0) + weight)
      slots.set(slotOf(atMs), slot)
    },
    arrivals: async (_project, atMs) => arrivalsOf(slots, atMs),
    condition: async () => ({ queuedBytes: 0 }),
  }
  /** A process knows what is in the database. */
  const start = () => {
    sampling?.close()
    const { setInterval } = globalThis
    // Time is made here, and nothing is too much.
    globalThis.setInterval = () => ({ unref() {} })
    sampling = createSampling({ store, now: () => nowMs, log: console.error })
    globalThis.setInterval = setInterval
  }
  start()

  return {
    counts,
    firstMs,
    perSecond,
    rules: () => rules,
    start,
    async passTime(toMs, isAway) {
      for (; readMs <= toMs; readMs += REFRESH_MS) {
        nowMs = readMs
        if (!isAway(nowMs)) rules = await sampling.rules(project)
      }
      nowMs = toMs
    },
    take({ claim, isRow }) {
      const { sid, fp } = claim
      const { rate: claimed, n } = readClaim(sid, claim)
      const verdict = isRow ? sampling.judge(project, claim) : sampling.judgeEvent(project, claim)
      if (verdict.isShed) return void (counts.shed += isRow ? 0 : 1)
      const id = `${sid} ${fp}`
      const before = draws.get(id)
      // A row of counts belongs to the events of its session, or to nobody.
      if (isRow && !before) return void (counts.unattributed += n)
      const rate = Math.min(claimed, verdict.rate)
      const { after, events, session } = draw(before, { rate: isRow ? heldBackRate(rate, before) : rate, n })
      draws.set(id, after)
      const known = samples.get(fp) ?? { events: EMPTY_SAMPLE, sessions: EMPTY_SAMPLE }
      samples.set(fp, {
        events: mergeSamples([known.events, events]),
        sessions: mergeSamples([known.sessions, session]),
      })
      if (isRow) return
      counts.stored++
      if (!firstMs.has(fp)) firstMs.set(fp, nowMs)
      const second = Math.floor(nowMs / 1000)
      const of = perSecond.get(second) ?? { stored: 0, estimated: 0 }
      perSecond.set(second, { stored: of.stored + 1, estimated: of.estimated + n / rate })
    },
    /** @param {'events' | 'sessions'} what */
    estimate: what => estimateOf(mergeSamples([...samples.values()].map(of => of[what]))),
    close: () => sampling.close(),
  }
}

/** What the store reads of its table of arrivals. */
function arrivalsOf(slots, nowMs) {
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
