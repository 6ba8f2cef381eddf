import { attempt } from './guard.ts'
import { byteLength } from './hash.ts'
import { stringify, toJson } from './json.ts'
import { drop, tellDrops } from './ledger.ts'
import { isLimited, readLimits } from './limits.ts'
import { backlog, keep, restore, save, settle, waiting, type Envelope } from './offline.ts'
import { hasConsent, options } from './options.ts'
import { listen } from './patch.ts'
import { MAX_EVENT_BYTES, type Event, type SampleClaim } from './protocol.ts'
import { askForRules, staysKept } from './rules.ts'
import { currentSession, randomId, sessionUpdate } from './session.ts'
import { trim } from './trim.ts'

// Chromium refuses keepalive requests past 64 KiB of bodies in flight over the whole page, and engines differ in how
// many they carry at once; the rest is left to the page's own keepalive requests (facts measured in Chromium 156).
const MAX_KEEPALIVE_BYTES = 60_000
// As many as a request counts for at least: nine at once, without a counter of requests.
const MIN_QUOTA = 6_666
// What goes with the event is small.
const MAX_HIDDEN_EVENT_BYTES = 55_000
// Doubled by the first failure.
const MIN_WAIT_MS = 500
const MAX_WAIT_MS = 5 * 60_000

let url: string
let nativeFetch: typeof fetch
let bytesInFlight = 0
let idle: Promise<void> | undefined
let timer: ReturnType<typeof setTimeout> | undefined
let delayMs = MIN_WAIT_MS
let made = 0

/** Where everything goes from now on, and by which `fetch`: what the page or we wrap later sees none of it. */
export function connect(envelopeUrl: string): void {
  url = envelopeUrl
  nativeFetch = self.fetch
  listen('online', () => pump(1))
}

/** Sends an event that was kept. Never throws; what cannot leave is counted. */
export function sendEvent(event: Event, claim: SampleClaim & { id: string }): void {
  const payload = trim(event, document.visibilityState == 'hidden' ? MAX_HIDDEN_EVENT_BYTES : MAX_EVENT_BYTES)
  if (!payload) drop('too_large')
  else if (isLimited(1)) drop('ratelimit_backoff')
  else sendItems(`\n{"type":"event"}\n${payload}`, 1, claim)
}

/** Sends what waited for consent, once there is; and soon what earlier pages could not send. */
export function release(): void {
  if (!hasConsent()) return
  pump()
  setTimeout(restore, 1e3, () => pump(1))
}

/** Resolves with true when nothing is in flight any more, with false after `timeoutMs` at the latest. */
export function flush(timeoutMs = 2000): Promise<boolean> {
  return new Promise(async resolve => {
    setTimeout(resolve, timeoutMs, false)
    await idle
    resolve(true)
  })
}

/** Sends items, each after a line break, the first of them an event or not, with what there is to say of the session. */
export function sendItems(
  items = '',
  events = 0,
  claim: Envelope['claim'] = { id: randomId(), sid: currentSession().sid },
): void {
  items += sessionUpdate()
  const told = tellDrops(!items)
  // https://develop.sentry.dev/sdk/telemetry/client-reports/
  const discarded_events = told.map(([reason, quantity]) => ({ reason, category: 'error', quantity }))
  if (told[0]) items += `\n{"type":"client_report"}\n${toJson({ discarded_events })}`
  if (!items) return
  const key = Date.now() + made++ / 1e3
  // A tunnel knows by the DSN where to go; its key is no secret.
  const text = `,"dsn":${stringify(options.dsn)}}${items}`
  backlog.set(key, { key, url, claim, text, events, told })
  pump(1)
}

/** Sends all that may leave, or so many of the newest; what still waits has its next attempt later. */
function pump(n?: number): void {
  attempt(() => {
    waiting()
      .filter(({ events }) => hasConsent() && !isLimited(events))
      .slice(0, n)
      .forEach(envelope => {
        backlog.delete(envelope.key)
        idle = post(envelope, idle)
      })
    keep()
    clearTimeout(timer)
    // Exponential backoff with full jitter. The others follow when the newest succeeds.
    if (backlog.size) timer = setTimeout(pump, Math.random() * delayMs, 1)
  })
}

/** One attempt; what fails waits for the next one. Resolves when the requests before it are over, too. */
async function post(envelope: Envelope, before: Promise<void> | undefined): Promise<void> {
  let quota = 0
  try {
    const { url, claim, text, events } = envelope
    const asking = events && askForRules(url, nativeFetch)
    if (asking) await asking
    let reason = hasConsent() ? events && !staysKept(claim as SampleClaim) && 'sample_rate' : 'consent'
    if (!reason) {
      const body = toJson({ event_id: claim.id, sent_at: new Date().toISOString(), ohnoes: claim }).slice(0, -1) + text
      quota = Math.max(MIN_QUOTA, byteLength(body))
      // What is stored leaves the quota to what is not. Without keepalive a request ends with the page, then the next
      // one sends it. No beacon: it has the same quota.
      if (bytesInFlight + quota > MAX_KEEPALIVE_BYTES) save(envelope)
      if (envelope.isStored) quota = 0
      bytesInFlight += quota
      const { transportOptions } = options
      const response = await (options.transport || nativeFetch)(url, {
        method: 'POST',
        body,
        keepalive: !!quota,
        referrerPolicy: 'strict-origin',
        credentials: 'omit',
        ...transportOptions, // as fetch reads it, `headers`
        ...transportOptions.fetchOptions,
      } as RequestInit)
      const { ok, status } = response
      readLimits(response)
      // The browser gives the quota back only when the body has been read.
      await response.text()
      if (/408|429|5../.test(`${status}`)) throw status
      if (!ok) reason = 'send_error'
      delayMs = MIN_WAIT_MS
      pump()
    }
    settle(envelope, reason)
  } catch {
    delayMs = Math.min(MAX_WAIT_MS, 2 * delayMs)
    backlog.set(envelope.key, envelope)
    pump(0)
  }
  bytesInFlight -= quota
  await before
}
