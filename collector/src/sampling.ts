import { threshold } from 'ohnoes/sampling'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isObject } from './json.ts'
import type { Log } from './log.ts'
import { createNewErrors } from './new-errors.ts'
import type { Project } from './project.ts'
import { readClaim } from './sample-claim.ts'
import { LOOKED_AT, NO_RATES, type Rates, ratesOf, type Rules } from './sampling-rules.ts'
import type { Store } from './store.ts'

// The rates of each project, as clients hear of them and as the collector itself applies them to what comes from others:
// by the envelope's first line, before anything of its event is read.

const REFRESH_MS = 1000
/** A project without reports is not asked for. */
const IDLE_MS = 60_000
/** Fingerprints in a second; strangers may make up as many as they like. */
const MAX_COUNTED = 10_000
const MAX_LAG_MS = 200
/** Fewer reports between two looks are not what keeps the process from its work, and to shed them would not help. */
const MIN_BUSY_REPORTS = 100
const MAX_QUEUED_BYTES = 32 * 1024 * 1024
/** What is kept is little by then. Next to nothing of it would save nothing, and leave whole seconds out of the estimates. */
const MIN_LEVEL = 0.1
const RECOVERY = 1.25

/** What becomes of a report: it is shed, or it counts as kept under at most that rate. */
export interface Verdict {
  isShed: boolean
  rate: number
}

const KEPT: Verdict = { isShed: false, rate: 1 }

export interface Sampling {
  rules(project: Project): Promise<Rules>
  /**
   * What the first line of an envelope leads to for its event; what it does not tell is kept. It counts as arrived whatever
   * becomes of it: rates that hung on what was kept would bend estimates.
   */
  judgeEvent(project: Project, header: unknown): Verdict
  /** The same for what else a session says of an error. */
  judge(project: Project, claim: unknown): Verdict
  close(): void
}

interface Entry {
  project: Project
  rates: Rates
  askedMs: number
  /** Not yet in the store. */
  arrivals: Map<string, number>
  readMs: number
}

export function createSampling({ store, now, log }: { store: Store; now: () => number; log: Log }): Sampling {
  const entries = new Map<string, Entry>()
  const newErrors = createNewErrors(now)
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  /** Below 1 while there is more than this process can take; all rates are cut by it, so that the samples stay nested. */
  let level = 1
  let reports = 0

  const entryOf = (project: Project): Entry => {
    const entry = entries.get(project.id) ?? {
      project,
      rates: NO_RATES,
      askedMs: 0,
      readMs: 0,
      arrivals: new Map(),
    }
    entries.set(project.id, entry)
    entry.project = project
    entry.askedMs = now()
    return entry
  }
  const read = async (entry: Entry): Promise<void> => {
    entry.readMs = now()
    const { arrivals } = entry
    entry.arrivals = new Map()
    if (arrivals.size) await store.addArrivals(entry.project.id, now(), arrivals)
    const { keptPerError, keptInAll } = entry.project.settings
    const counts = await store.arrivals(entry.project.id, now())
    entry.rates = ratesOf(counts, now(), { keptPerError, keptInAll })
  }
  const refresh = async (): Promise<void> => {
    for (const [id, entry] of entries) {
      if (now() - entry.askedMs > IDLE_MS) entries.delete(id)
      else await read(entry)
    }
    const isLate = reports > MIN_BUSY_REPORTS && delay.percentile(90) / 1e6 > MAX_LAG_MS
    const isOverloaded = isLate || (await store.condition()).queuedBytes > MAX_QUEUED_BYTES
    delay.reset()
    reports = 0
    level = isOverloaded ? Math.max(level / 2, MIN_LEVEL) : Math.min(level * RECOVERY, 1)
  }
  const judge = (project: Project, claim: unknown): Verdict => {
    const { sid, fp } = isObject(claim) ? claim : {}
    const { rules, others } = entryOf(project).rates
    if (typeof sid !== 'string' || typeof fp !== 'string') return KEPT
    const rate = (Object.hasOwn(rules.rates, fp) ? (rules.rates[fp] ?? 1) : others) * level
    return { isShed: threshold(sid, fp) >= rate, rate }
  }
  let isRefreshing = false
  let isFailing = false
  const timer = setInterval(async () => {
    if (isRefreshing) return
    isRefreshing = true
    try {
      await refresh()
      isFailing = false
    } catch (cause) {
      // Once: on a full disk it fails every second.
      if (!isFailing) log({ level: 'error', message: 'The rates of sampling stay as they are.', cause })
      isFailing = true
    }
    isRefreshing = false
  }, REFRESH_MS)
  timer.unref()

  return {
    async rules(project) {
      const entry = entryOf(project)
      if (now() - entry.readMs > REFRESH_MS) await read(entry)
      return entry.rates.rules
    },
    judgeEvent(project, header) {
      reports++
      const { fp, rate } = readClaim(isObject(header) ? header.sid : undefined, header)
      if (fp === null) return KEPT
      const { arrivals } = entryOf(project)
      const known = arrivals.get(fp)
      if (known !== undefined || arrivals.size < MAX_COUNTED) arrivals.set(fp, (known ?? 0) + 1 / rate)
      const id = `${project.id} ${fp}`
      const verdict = judge(project, header)
      // Whatever its threshold: one that is kept by it would else count for others that are kept as well.
      if (verdict.rate < 1 && newErrors.isFirst(id, LOOKED_AT * project.settings.keptInAll * level))
        return KEPT
      if (!verdict.isShed) newErrors.remember(id)
      return verdict
    },
    judge,
    close() {
      clearInterval(timer)
      delay.disable()
    },
  }
}
