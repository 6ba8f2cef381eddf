import { hasConsent } from './options.ts'
import { drop, stats } from './ledger.ts'
import { attempt } from './guard.ts'
import { byteLength } from './hash.ts'
import { toJson } from './json.ts'
import type { Event } from './protocol.ts'
import { currentSession, randomId, sessionUpdate } from './session.ts'
import { trim } from './trim.ts'

// Chromium refuses keepalive requests past 64 KiB of bodies in flight over the whole page, and engines differ in how
// many they carry at once; the rest is left to the page's own keepalive requests (facts measured in Chromium 156).
const MAX_KEEPALIVE_BYTES = 60_000
const MAX_KEEPALIVE_REQUESTS = 9
// Of those that wait for consent.
const MAX_HELD = 30

interface Header {
  event_id?: string
  ohnoes: { sid: string; fp?: string; id?: string }
}

let url: string
let nativeFetch: typeof fetch
let bytesInFlight = 0
const inFlight = new Set<Promise<void>>()
const held: [Header, items: string[]][] = []

/** Where everything goes from now on, and by which `fetch`: what the page or we wrap later sees none of it. */
export function connect(envelopeUrl: string): void {
  url = envelopeUrl
  nativeFetch = fetch
}

/** Sends an event that was kept, with its fingerprint. Never throws; what cannot leave is counted. */
export function sendEvent(event: Event, fp: string): void {
  const payload = trim(event)
  if (!payload) return drop('too_large')
  const { event_id } = event
  held.push([{ event_id, ohnoes: { sid: currentSession().sid, fp } }, [`{"type":"event"}\n${payload}`]])
  if (hasConsent()) release()
  else if (held.length > MAX_HELD) {
    held.shift()
    drop('queue_overflow')
  }
}

/** Sends items without an event; the envelope has an id of its own, to be known by when it comes twice. */
export function sendItems(items: string[]): void {
  if (hasConsent()) post({ ohnoes: { sid: currentSession().sid, id: randomId() } }, items)
}

/** Sends what waited for consent. */
export function release(): void {
  for (const [header, items] of held.splice(0)) post(header, items)
}

/** Forgets what waited for consent. */
export function forgetHeld(): void {
  drop('consent', held.splice(0).length)
}

function post(header: Header, items: string[]): void {
  const update = sessionUpdate()
  items = items.concat(update || [])
  if (!items[0]) return
  const count = header.event_id ? 1 : 0
  const body = [toJson({ ...header, sent_at: new Date().toISOString() }), ...items].join('\n')
  if (document.visibilityState == 'hidden' && attempt(() => navigator.sendBeacon(url, body))) {
    stats.sent += count
    return
  }
  let quota = byteLength(body)
  if (bytesInFlight + quota > MAX_KEEPALIVE_BYTES || inFlight.size >= MAX_KEEPALIVE_REQUESTS) quota = 0
  bytesInFlight += quota
  const request = new Promise<Response>(resolve =>
    resolve(nativeFetch(url, { method: 'POST', body, keepalive: !!quota, referrerPolicy: 'strict-origin' })),
  )
    // The browser gives the quota back only when the body has been read.
    .then(response =>
      response.text().then(() => (response.ok ? (stats.sent += count) : drop('send_error', count))),
    )
    .catch(() => drop('network_error', count))
    .then(() => {
      bytesInFlight -= quota
      inFlight.delete(request)
    })
  inFlight.add(request)
}

/** Resolves with true when nothing is in flight any more, with false after `timeoutMs` at the latest. */
export function flush(timeoutMs = 2000): Promise<boolean> {
  return new Promise(resolve => {
    Promise.all(inFlight).then(() => resolve(true))
    setTimeout(resolve, timeoutMs, false)
  })
}
