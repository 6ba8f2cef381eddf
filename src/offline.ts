// What could not be sent: in memory, and in an IndexedDB that all tabs of the origin share, for the next visit. Whatever
// is wrong with that database, even that it never answers, leaves what is in memory as it is.
import { attempt } from './guard.ts'
import { drop, stats } from './ledger.ts'
import { hasConsent } from './options.ts'
import type { SampleClaim } from './protocol.ts'

const NAME = 'ohnoes'
const MAX_ENVELOPES = 30
// In UTF-16 units.
const MAX_LENGTH = 256 * 1024

/** One POST. */
export interface Envelope {
  /** When it was made, in which order, and its id: they sort by age. */
  key: string
  /** Where it goes: another page of the origin may have another DSN. */
  url: string
  /** What its first line says of the event, as far as there is one, and of the session. */
  head: { event_id?: string | undefined; ohnoes: { sid: string; id: string } & Partial<SampleClaim> }
  /** The end of the first line, and the items; the event is the first of them. */
  text: string
  /** As limits and client reports call it: of an event `error`, of nothing ''. */
  category: string
  /** Whether it may be in the database. */
  isStored?: boolean
}

/** What waits for its next attempt. */
export const backlog = new Map<string, Envelope>()

/** Keeps an envelope for its next attempt; the oldest go where there is no room. */
export function keep(envelope: Envelope): void {
  backlog.set(envelope.key, envelope)
  makeRoom([...backlog.values()])
  save(envelope)
}

/** For the next page. */
export function save(envelope: Envelope): void {
  if (!hasConsent() || envelope.isStored || !envelope.category) return
  envelope.isStored = true
  inStore('put', envelope, makeRoom)
}

/** Once its fate is known. */
export function forget({ key, isStored }: Envelope): void {
  if (isStored) inStore('delete', key)
}

/** Takes over what earlier pages have left, then goes on. */
export function restore(next: () => void): void {
  inStore('count', undefined, found => {
    for (const envelope of found)
      // What is younger than this page is on its way already, or another tab's.
      if (envelope.key < `${performance.timeOrigin}` && !backlog.has(envelope.key)) {
        backlog.set(envelope.key, envelope)
        stats.restored += eventsIn(envelope)
      }
    next()
  })
}

/** Forgets all that waits. */
export function forgetAll(): void {
  for (const envelope of backlog.values()) drop('consent', eventsIn(envelope))
  backlog.clear()
  attempt(() => indexedDB.deleteDatabase(NAME))
}

export const eventsIn = ({ category }: Envelope): number => +(category == 'error')

/** Newest first. */
export const byAge = (a: Envelope, b: Envelope): number => (a.key < b.key ? 1 : -1)

function makeRoom(envelopes: Envelope[], store?: IDBObjectStore): void {
  let room = MAX_LENGTH
  envelopes.sort(byAge).forEach((envelope, i) => {
    room -= envelope.text.length
    if (i < MAX_ENVELOPES && room >= 0) return
    // What is not ours is with another tab, or will be.
    if (backlog.delete(envelope.key)) drop('queue_overflow', eventsIn(envelope))
    // Before another tab counts.
    if (store) store.delete(envelope.key)
    else forget(envelope)
  })
}

/** Opened for each use, since an open database may keep the page out of the back/forward cache. */
function inStore(
  what: 'put' | 'delete' | 'count',
  argument?: unknown,
  then?: (all: Envelope[], store: IDBObjectStore) => void,
): void {
  attempt(() => {
    const opening = indexedDB.open(NAME)
    opening.onupgradeneeded = () => {
      // To look into it is no reason to make one.
      if (what == 'put') opening.result.createObjectStore(NAME, { keyPath: 'key' })
      else opening.transaction!.abort()
    }
    opening.onsuccess = () => {
      attempt(() => {
        const store = opening.result.transaction(NAME, 'readwrite').objectStore(NAME)
        store[what](argument as IDBValidKey)
        const all = store.getAll()
        all.onsuccess = () => attempt(() => then!(all.result, store))
      })
      opening.result.close()
    }
  })
}
