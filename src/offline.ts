// What could not be sent: in memory, and in an IndexedDB that all tabs of the origin share, for the next visit. Whatever
// is wrong with that database, even that it never answers, leaves what is in memory as it is.
import { attempt } from './guard.ts'
import { drop, stats, untell, type Drops } from './ledger.ts'
import { hasConsent } from './options.ts'
import type { SampleClaim } from './protocol.ts'
import { currentSession } from './session.ts'

const NAME = 'ohnoes'
const MAX_ENVELOPES = 30
// In UTF-16 units.
const MAX_LENGTH = 256 * 1024

/** One POST. */
export interface Envelope {
  /** When it was made, in milliseconds since the epoch, which the next of the page in the same millisecond is past. */
  key: number
  /** Where it goes: another page of the origin may have another DSN. */
  url: string
  /** What its first line says of it and the session, and of the event if there is one. */
  claim: { id: string; sid: string } & Partial<SampleClaim>
  /** The end of the first line, and the items; the event is the first of them. */
  text: string
  /** How many events it has, 1 or 0. */
  events: number
  /** Which drops it tells of. */
  told: Drops
  /** Whether it may be in the database. */
  isStored?: boolean
}

/** What waits for its next attempt. */
export const backlog = new Map<number, Envelope>()

/** What waits, newest first, so that a backlog never delays the error of this moment. */
export const waiting = (): Envelope[] => [...backlog.values()].sort(byAge)

const byAge = (a: Envelope, b: Envelope) => b.key - a.key

/** When the fate of an envelope is known: it is sent unless there is a reason, and then another tells what it told. */
export function settle({ key, events, told, isStored }: Envelope, reason?: string | false | 0): void {
  backlog.delete(key)
  if (reason) {
    drop(reason, events)
    untell(told)
    currentSession().sent = undefined
  } else stats.sent += events
  if (isStored) inStore(all => all.filter(envelope => envelope.key != key))
}

/** What waits is on the next page, too, as far as there is room. */
export function keep(): void {
  bound(waiting()).forEach(save)
}

/** For the next page. */
export function save(envelope: Envelope): void {
  if (!hasConsent() || envelope.isStored) return
  envelope.isStored = true
  inStore(all => bound([envelope, ...all].sort(byAge)), true)
}

/** Takes over what earlier pages have left, then goes on. */
export function restore(next: () => void): void {
  inStore(all => {
    for (const envelope of all)
      // What is younger than this page is on its way already, or another tab's.
      if (envelope.key < performance.timeOrigin && !backlog.has(envelope.key)) {
        backlog.set(envelope.key, envelope)
        stats.restored += envelope.events
      }
    next()
    return all
  })
}

/** Forgets all that waits. */
export function forgetAll(): void {
  for (const envelope of waiting()) settle(envelope, 'consent')
  inStore(() => [])
}

/** As many as there is room for, of a list that has the newest first. */
function bound(envelopes: Envelope[]): Envelope[] {
  let room = MAX_LENGTH
  return envelopes.filter((envelope, i) => {
    room -= envelope.text.length
    if (i < MAX_ENVELOPES && room >= 0) return true
    // What is not ours is with another tab, or will be.
    if (backlog.has(envelope.key)) settle(envelope, 'queue_overflow')
    return false
  })
}

/**
 * Makes another list of the one that is stored. Opened for each use, since an open database may keep the page out of the
 * back/forward cache; made only when there is something to store.
 */
function inStore(change: (all: Envelope[]) => Envelope[], isMade?: boolean): void {
  attempt(() => {
    const opening = indexedDB.open(NAME)
    opening.onupgradeneeded = () =>
      isMade ? opening.result.createObjectStore(NAME) : opening.transaction!.abort()
    opening.onsuccess = () => {
      attempt(() => {
        const store = opening.result.transaction(NAME, 'readwrite').objectStore(NAME)
        const reading = store.get(NAME)
        reading.onsuccess = () => attempt(() => store.put(change(reading.result || []), NAME))
      })
      opening.result.close()
    }
  })
}
