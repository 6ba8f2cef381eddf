import { drop, stats } from './ledger.ts'
import { attempt, debug } from './guard.ts'
import type { Event } from './protocol.ts'
import { byteLength, trim } from './trim.ts'

// Chromium refuses keepalive requests past 64 KiB of bodies in flight over the whole page, and engines differ in how
// many they carry at once; the rest is left to the page's own keepalive requests (facts measured in Chromium 156).
const MAX_KEEPALIVE_BYTES = 60_000
const MAX_KEEPALIVE_REQUESTS = 9

let url: string
let bytesInFlight = 0
const inFlight = new Set<Promise<void>>()

/** Where everything goes from now on. */
export function connect(envelopeUrl: string): void {
  url = envelopeUrl
}

/** Sends an event that was kept. Never throws; what cannot leave is counted. */
export function send(event: Event): void {
  const payload = trim(event)
  if (!payload) return drop('too_large')
  const header = { event_id: event.event_id, sent_at: new Date() }
  const body = `${JSON.stringify(header)}\n{"type":"event"}\n${payload}`
  if (document.visibilityState == 'hidden' && attempt(() => navigator.sendBeacon(url, body))) stats.sent++
  else {
    const request = post(body, byteLength(body)).then(() => {
      inFlight.delete(request)
    })
    inFlight.add(request)
  }
}

/** Resolves with true when nothing is in flight any more, with false after `timeoutMs` at the latest. */
export function flush(timeoutMs = 2000): Promise<boolean> {
  return Promise.race([
    Promise.all(inFlight).then(() => true),
    new Promise<boolean>(resolve => setTimeout(() => resolve(!inFlight.size), timeoutMs)),
  ])
}

async function post(body: string, bytes: number): Promise<void> {
  const keepalive = bytesInFlight + bytes <= MAX_KEEPALIVE_BYTES && inFlight.size < MAX_KEEPALIVE_REQUESTS
  if (keepalive) bytesInFlight += bytes
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      keepalive,
      credentials: 'omit',
      referrerPolicy: 'strict-origin',
    })
    if (response.ok) stats.sent++
    else drop('send_error')
    // The quota comes back only when the body has been read.
    await response.text()
  } catch (error) {
    drop('network_error')
    debug('not sent', error)
  }
  if (keepalive) bytesInFlight -= bytes
}
