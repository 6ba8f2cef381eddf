import type { Project, ProjectKey } from './project.ts'
import type { KeyUsage } from './project-store.ts'

// How much is taken in an hour: by a key's quota, and by what a single client may use of it, so that a handful of
// machines cannot fill a quota. Clients are counted in memory, where an address is forgotten within the hour; it is never written down.

const HOUR_MS = 3_600_000
const MAX_CLIENTS = 50_000
/** Behind one address there may be many people. */
const SESSIONS_PER_ADDRESS = 10

export interface Sender {
  project: Project
  key: ProjectKey
  /** What tells sessions apart, where the envelope says it. */
  session: string | undefined
  address: string
}

/** Why no events are taken, and for how long. */
export interface Limited {
  reason: 'key_quota' | 'session_limit' | 'address_limit'
  retryAfterS: number
}

export interface Limits {
  /** Counts events, unless a limit was reached before them. */
  take(sender: Sender, events: number): Limited | undefined
  /** What the store has counted by key in that hour, which is what all collectors took. */
  learn(usage: KeyUsage[], hour: number): void
}

export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS)

export function createLimits(now: () => number): Limits {
  let hour = hourOf(now())
  const byKey = new Map<string, number>()
  const bySession = new Map<string, number>()
  const byAddress = new Map<string, number>()

  const startHour = (): void => {
    if (hourOf(now()) === hour) return
    hour = hourOf(now())
    for (const counts of [byKey, bySession, byAddress]) counts.clear()
  }
  return {
    take({ project, key, session, address }, events) {
      startHour()
      const perClient = project.settings.eventsPerClientPerHour ?? Infinity
      const allowances = [
        {
          reason: 'key_quota',
          counts: byKey,
          id: idOf(project.id, key.key),
          limit: key.eventsPerHour ?? Infinity,
        },
        {
          reason: 'session_limit',
          counts: bySession,
          id: idOf(project.id, session ?? ''),
          limit: session === undefined ? Infinity : perClient,
        },
        {
          reason: 'address_limit',
          counts: byAddress,
          id: idOf(project.id, address),
          limit: perClient * SESSIONS_PER_ADDRESS,
        },
      ] as const
      const reached = allowances.find(({ counts, id, limit }) => (counts.get(id) ?? 0) >= limit)
      if (reached)
        return { reason: reached.reason, retryAfterS: Math.ceil(((hour + 1) * HOUR_MS - now()) / 1000) }
      for (const { counts, id } of allowances) counts.set(id, (counts.get(id) ?? 0) + events)
      for (const clients of [bySession, byAddress]) if (clients.size > MAX_CLIENTS) forgetOlderHalf(clients)
      return undefined
    },
    learn(usage, ofHour) {
      startHour()
      if (ofHour !== hour) return
      byKey.clear()
      for (const { project, key, events } of usage) byKey.set(idOf(project, key), events)
    },
  }
}

const idOf = (project: string, counted: string): string => `${project} ${counted}`

/** Who makes up sessions until its own are forgotten is still counted by its address. */
function forgetOlderHalf(counts: Map<string, number>): void {
  for (const id of [...counts.keys()].slice(0, counts.size / 2)) counts.delete(id)
}
