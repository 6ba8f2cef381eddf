import type { Log } from './log.ts'
import type { Project } from './project.ts'
import type { PruneRequest } from './upkeep-store.ts'
import type { Store } from './store.ts'

const DAY_MS = 86_400_000
const FIRST_MS = 60_000
const INTERVAL_MS = 10 * 60_000

export interface Upkeep {
  /** Starts nothing more; what is under way ends with the store. */
  close(): void
}

export interface UpkeepOptions {
  store: Store
  projects: () => readonly Project[]
  maxBytes: number
  now: () => number
  log: Log
}

/** Throws away every ten minutes what there is no need or no room to keep. */
export function startUpkeep({ store, projects, maxBytes, now, log }: UpkeepOptions): Upkeep {
  let isClosed = false
  const run = async (): Promise<void> => {
    try {
      const pruned = await store.prune(pruneRequestOf(projects(), { nowMs: now(), maxBytes }))
      if (pruned.expired || pruned.thinned)
        log({ level: 'info', message: 'Old events were deleted.', ...pruned })
      if (pruned.usedBytes > maxBytes)
        log({
          level: 'error',
          message: 'The store is over its size, and what is left is too young.',
          ...pruned,
        })
    } catch (cause) {
      if (!isClosed) log({ level: 'error', message: 'Old events could not be deleted.', cause })
    }
    if (!isClosed) plan(INTERVAL_MS)
  }
  let timer: NodeJS.Timeout
  const plan = (delayMs: number): void => {
    timer = setTimeout(() => void run(), delayMs)
    timer.unref()
  }
  plan(FIRST_MS)
  return {
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

export const pruneRequestOf = (
  projects: readonly Project[],
  { nowMs, maxBytes }: { nowMs: number; maxBytes: number },
): PruneRequest => ({
  nowMs,
  keepMs: new Map(projects.map(({ id, settings }) => [id, settings.retentionDays * DAY_MS])),
  maxBytes,
})
