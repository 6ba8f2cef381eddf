import { hasConsent } from './options.ts'
import { drop, stats } from './ledger.ts'
import { attempt } from './guard.ts'
import { byteLength } from './hash.ts'
import { toJson } from './json.ts'
import type { Event, SampleClaim } from './protocol.ts'
import { currentSession, sessionUpdate } from './session.ts'
import { trim } from './trim.ts'

// Chromium refuses keepalive requests past 64 KiB of bodies in flight over the whole page, and engines differ in how
// many they carry at once; the rest is left to the page's own keepalive requests (facts measured in Chromium 156).
const MAX_KEEPALIVE_BYTES = 60_000
// As many as a request counts for at least: nine at once, without a counter of requests.
const MIN_QUOTA = 6_666
// Of those that wait for consent.
const MAX_HELD = 30

let url: string
let nativeFetch: typeof fetch
let bytesInFlight = 0
let idle = Promise.resolve()
const held: [items: string, header: object, events: number][] = []

/** Where everything goes from now on, and by which `fetch`: what the page or we wrap later sees none of it. */
export function connect(envelopeUrl: string): void {
  url = envelopeUrl
  nativeFetch = fetch
}

/** Sends an event that was kept. Never throws; what cannot leave is counted. */
export function sendEvent(event: Event, claim: SampleClaim): void {
  const payload = trim(event)
  if (!payload) return void drop('too_large')
  enqueue(`\n{"type":"event"}\n${payload}`, claim, event.event_id)
  if (held[MAX_HELD]) {
    held.shift()
    drop('queue_overflow')
  }
}

/** Sends items without an event, each after a line break, and in any case what there is to say of the session. */
export function sendItems(items = ''): void {
  if (hasConsent()) enqueue(items)
}

function enqueue(items: string, claim?: SampleClaim, event_id?: string): void {
  held.push([items, { event_id, ohnoes: { sid: currentSession().sid, ...claim } }, event_id ? 1 : 0])
  release()
}

/** Sends what waited for consent, once there is. */
export function release(): void {
  if (hasConsent())
    for (const envelope of held.splice(0)) {
      const request = post(...envelope)
      idle = idle.then(() => request)
    }
}

/** Forgets what waited for consent. */
export function forgetHeld(): void {
  drop('consent', held.splice(0).length)
}

async function post(items: string, header: object, events: number): Promise<void> {
  let quota = 0
  try {
    items += sessionUpdate()
    if (!items) return
    const body = toJson({ ...header, sent_at: new Date().toISOString() }) + items
    if (document.visibilityState == 'hidden' && attempt(() => navigator.sendBeacon(url, body))) {
      stats.sent += events
      return
    }
    quota = Math.max(MIN_QUOTA, byteLength(body))
    if (bytesInFlight + quota > MAX_KEEPALIVE_BYTES) quota = 0
    bytesInFlight += quota
    const init = { method: 'POST', body, keepalive: !!quota, referrerPolicy: 'strict-origin' } as const
    const response = await nativeFetch(url, init)
    // The browser gives the quota back only when the body has been read.
    await response.text()
    if (response.ok) stats.sent += events
    else drop('send_error', events)
  } catch {
    drop('network_error', events)
  }
  bytesInFlight -= quota
}

/** Resolves with true when nothing is in flight any more, with false after `timeoutMs` at the latest. */
export function flush(timeoutMs = 2000): Promise<boolean> {
  return new Promise(resolve => {
    idle.then(() => resolve(true))
    setTimeout(resolve, timeoutMs, false)
  })
}
