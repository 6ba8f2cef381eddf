// What could not be sent: in memory, and in an IndexedDB that all tabs of the origin share, for the next visit. Whatever
// is wrong with that database, even that it never answers, leaves what is in memory as it is.
import { attempt } from './guard.ts'
import type { Drops } from './ledger.ts'
import { hasConsent, options } from './options.ts'
import type { SampleClaim } from './protocol.ts'
import { KEY } from './session.ts'

const MAX_ENVELOPES = 30
// In UTF-16 units.
const MAX_LENGTH = 25e4

/** One POST. */
export interface Envelope {
  /** When it was made, in milliseconds since the epoch, and a random fraction: its own. */
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
  told: Drops[]
  /** Whether it may be in the database. */
  kept?: boolean
}

/**
 * Cuts the list to the newest of them, as far as there is room; what is left out is lost, or is another's to keep. By
 * hardly a method of arrays, since a page may have broken any.
 */
export function bound(envelopes: Envelope[], lose?: (envelope: Envelope) => void): Envelope[] {
  let room = options.consent ? MAX_LENGTH : 0
  let n = 0
  envelopes.sort((a, b) => b.key - a.key)
  for (const envelope of envelopes) {
    room -= envelope.text.length
    if (room >= 0 && n < MAX_ENVELOPES) n++
    else if (lose) lose(envelope)
  }
  envelopes.length = n
  return envelopes
}

/** For the next page. */
export function save(envelope: Envelope): void {
  if (hasConsent() && !envelope.kept) inStore(all => [envelope, ...all], (envelope.kept = true))
}

/**
 * Makes another list of the one that is stored, as far as there is room. Opened for each use, since an open database may
 * keep the page out of the back/forward cache; made only when there is something to store.
 */
export function inStore(change: (all: Envelope[]) => Envelope[], isMade?: boolean): void {
  attempt(() => {
    const opening = indexedDB.open(KEY)
    opening.onupgradeneeded = () =>
      isMade ? opening.result.createObjectStore(KEY) : opening.transaction!.abort()
    opening.onsuccess = () => {
      attempt(() => {
        const store = opening.result.transaction(KEY, 'readwrite').objectStore(KEY)
        const reading = store.get(KEY)
        reading.onsuccess = () => attempt(() => store.put(bound(change(reading.result || [])), KEY))
      })
      opening.result.close()
    }
  })
}
