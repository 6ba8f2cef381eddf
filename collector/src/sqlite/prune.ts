import type { Pruned, PruneRequest } from '../upkeep-store.ts'
import type { SweepName, SweepRequest, Swept } from './retention.ts'

/** When there is too much, so much of it is to be free afterwards. */
const FREE_SHARE = 0.1
const TOO_OLD = [
  'vitals',
  'sessions',
  'sessionCounts',
  'heldBack',
  'fingerprintSessions',
  'fingerprintHours',
  'keyHours',
  'artifacts',
] as const
const NEXT_WINDOW = 0.75
const MIN_WHOLE_MS = 3_600_000

export interface Sweeper {
  sweep(name: SweepName, request: SweepRequest, after: string | number | null): Promise<Swept>
  usedBytes(): Promise<number>
}

/** Throws away what is too old, then, step by step, what there is no room for. */
export async function prune(
  { sweep, usedBytes }: Sweeper,
  { nowMs, keepMs, maxBytes }: PruneRequest,
): Promise<Pruned> {
  /** All steps of that name, over all projects. */
  const all = async (name: SweepName, wholeMs = Infinity): Promise<number> => {
    let deleted = 0
    for (const [project, keep] of keepMs) {
      const request = { project, nowMs, keepMs: keep, wholeMs }
      let swept: Swept = { deleted: 0, next: null }
      do {
        swept = await sweep(name, request, swept.next)
        deleted += swept.deleted
      } while (swept.next !== null)
    }
    return deleted
  }

  const expired = await all('events')
  for (const name of TOO_OLD) await all(name)
  let thinned = 0
  if ((await usedBytes()) > maxBytes) {
    let wholeMs = Math.max(0, ...keepMs.values())
    while (wholeMs > MIN_WHOLE_MS && (await usedBytes()) > maxBytes * (1 - FREE_SHARE)) {
      wholeMs *= NEXT_WINDOW
      thinned += await all('thinned', wholeMs)
      await all('stacks')
    }
  }
  if (expired || thinned) await all('wantedArtifacts')
  if (expired) await all('stacks')
  return { expired, thinned, usedBytes: await usedBytes() }
}
