import { drop, stats } from './ledger.ts'
import { attempt } from './guard.ts'
import type { Event } from './protocol.ts'
import { byteLength, trim } from './trim.ts'

// Chromium refuses keepalive requests past 64 KiB of bodies in flight over the whole page, and engines differ in how
// many they carry at once; the rest is left to the page's own keepalive requests (facts measured in Chromium 156).
const MAX_KEEPALIVE_BYTES = 60_000
const MAX_KEEPALIVE_REQUESTS = 9

let url: string
let nativeFetch: typeof fetch
let bytesInFlight = 0
const inFlight = new Set<Promise<void>>()

/** Where everything goes from now on, and by which `fetch`: what the page or we wrap later sees none of it. */
export function connect(envelopeUrl: string): void {
  url = envelopeUrl
  nativeFetch = fetch
}

/** Sends an event that was kept, with its fingerprint. Never throws; what cannot leave is counted. */
export function send(event: Event, fp: string): void {
  const payload = trim(event)
  if (!payload) return drop('too_large')
  const header = { event_id: event.event_id, sent_at: new Date(), ohnoes: { fp } }
  const body = `${JSON.stringify(header)}\n{"type":"event"}\n${payload}`
  if (document.visibilityState == 'hidden' && attempt(() => navigator.sendBeacon(url, body))) {
    stats.sent++
    return
  }
  let quota = byteLength(body)
  if (bytesInFlight + quota > MAX_KEEPALIVE_BYTES || inFlight.size >= MAX_KEEPALIVE_REQUESTS) quota = 0
  bytesInFlight += quota
  const request = nativeFetch(url, {
    method: 'POST',
    body,
    keepalive: !!quota,
    referrerPolicy: 'strict-origin',
  })
    // The browser gives the quota back only when the body has been read.
    .then(response => response.text().then(() => (response.ok ? stats.sent++ : drop('send_error'))))
    .catch(() => drop('network_error'))
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
