// What could not be sent: in memory, and in an IndexedDB that all tabs of the origin share, for the next visit. Whatever
// is wrong with that database, even that it never answers, leaves what is in memory as it is.
import { attempt } from './guard.ts'
import { drop, stats } from './ledger.ts'
import { hasConsent } from './options.ts'

const NAME = 'ohnoes'
const MAX_ENVELOPES = 30
// In UTF-16 units.
const MAX_LENGTH = 256 * 1024

/** One POST. */
export interface Envelope {
  /** When it was made, then its id: they sort by age. */
  key: string
  /** The first line. Only an envelope with an event has the event's id. */
  header: { event_id: string | undefined }
  /** Each item with a line break before it. */
  items: string
}

/** What waits for its next attempt. */
export const backlog = new Map<string, Envelope>()

/** The keys of what may be in the database. */
export const stored = new Set<string>()

/** Keeps an envelope for its next attempt; the oldest go where there is no room. */
export function keep(envelope: Envelope): void {
  backlog.set(envelope.key, envelope)
  makeRoom([...backlog.values()])
  if (!hasConsent() || stored.has(envelope.key)) return
  stored.add(envelope.key)
  inStore(store => {
    store.put(envelope)
    return store.getAll()
  }, makeRoom)
}

/** Once its fate is known. */
export function forget({ key }: Envelope): void {
  if (stored.delete(key)) inStore(store => store.delete(key))
}

/** Takes over what earlier pages have left, then goes on. */
export function restore(next: () => void): void {
  inStore(
    store => store.getAll(),
    found => {
      for (const envelope of found as Envelope[])
        if (!stored.has(envelope.key)) {
          stored.add(envelope.key)
          backlog.set(envelope.key, envelope)
          stats.restored += eventsIn(envelope)
        }
      next()
    },
  )
}

/** Forgets all that waits. */
export function forgetAll(): void {
  for (const envelope of backlog.values()) drop('consent', eventsIn(envelope))
  backlog.clear()
  attempt(() => indexedDB.deleteDatabase(NAME))
}

export const eventsIn = ({ header }: Envelope): number => (header.event_id ? 1 : 0)

/** Newest first. */
export const byAge = (a: Envelope, b: Envelope): number => (a.key < b.key ? 1 : -1)

function makeRoom(envelopes: Envelope[]): void {
  let room = MAX_LENGTH
  envelopes.sort(byAge).forEach((envelope, i) => {
    room -= envelope.items.length
    if (i < MAX_ENVELOPES && room >= 0) return
    const { key } = envelope
    const n = eventsIn(envelope)
    if (!backlog.delete(key)) stats.restored += n // another tab's
    drop('queue_overflow', n)
    stored.add(key)
    forget(envelope)
  })
}

/** Opened for each use, since an open database may keep the page out of the back/forward cache. */
function inStore<T>(use: (store: IDBObjectStore) => IDBRequest<T>, then?: (result: T) => void): void {
  attempt(() => {
    const opening = indexedDB.open(NAME)
    opening.onupgradeneeded = () =>
      // To look into it is no reason to make one.
      stored.size ? opening.result.createObjectStore(NAME, { keyPath: 'key' }) : opening.transaction!.abort()
    opening.onsuccess = () => {
      attempt(() => {
        const request = use(opening.result.transaction(NAME, 'readwrite').objectStore(NAME))
        if (then) request.onsuccess = () => attempt(() => then(request.result))
      })
      opening.result.close()
    }
  })
}
