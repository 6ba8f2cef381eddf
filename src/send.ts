import { attempt } from './guard.ts'
import { byteLength } from './hash.ts'
import { stringify, toJson } from './json.ts'
import { drop, stats, tellDrops, untell } from './ledger.ts'
import { isLimited, readLimits } from './limits.ts'
import { backlog, byAge, eventsIn, forget, keep, restore, save, type Envelope } from './offline.ts'
import { hasConsent, options } from './options.ts'
import { listen, undos } from './patch.ts'
import type { Event, SampleClaim } from './protocol.ts'
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
const MAX_WAIT_MS = 5 * 60_000

/** Its session is the current one. */
type Claim = Omit<SampleClaim, 'sid'>

let url: string
let nativeFetch: typeof fetch
let bytesInFlight = 0
let idle: Promise<void> | undefined
let timer: ReturnType<typeof setTimeout> | undefined
let failures = 0
let made = 0

/** Where everything goes from now on, and by which `fetch`: what the page or we wrap later sees none of it. */
export function connect(envelopeUrl: string): void {
  url = envelopeUrl
  nativeFetch = self.fetch
  listen('online', retry)
  undos.push(() => (timer = clearTimeout(timer) as undefined))
}

/** Sends an event that was kept. Never throws; what cannot leave is counted. */
export function sendEvent(event: Event, claim: Claim): void {
  const payload = (document.visibilityState == 'hidden' && trim(event, MAX_HIDDEN_EVENT_BYTES)) || trim(event)
  if (!payload) drop('too_large')
  else if (isLimited('error')) drop('ratelimit_backoff')
  else sendItems(`\n{"type":"event"}\n${payload}`, 'error', event.event_id, claim)
}

/** Sends what waited for consent, once there is; and soon what earlier pages could not send. */
export function release(): void {
  if (!hasConsent()) return
  open().forEach(send)
  setTimeout(restore, 1e3, retry)
}

/** Resolves with true when nothing is in flight any more, with false after `timeoutMs` at the latest. */
export function flush(timeoutMs = 2000): Promise<boolean> {
  return new Promise(async resolve => {
    setTimeout(resolve, timeoutMs, false)
    await idle
    resolve(true)
  })
}

/** Sends items, each after a line break, of one category, and in any case what there is to say of the session. */
export function sendItems(items = '', category = 'session', event_id?: string, claim?: Claim): void {
  items += isLimited('session') ? '' : sessionUpdate()
  const id = event_id || randomId()
  const { sid } = currentSession()
  // A tunnel knows by the DSN where to go; its key is no secret.
  const text = `,"dsn":${stringify(options.dsn)}}${items}`
  const head = { event_id, ohnoes: { sid, id, ...claim } }
  const envelope = { key: `${Date.now()}${1e6 + made++}${id}`, url, head, text, category: items && category }
  if (isOpen(envelope)) send(envelope)
  else wait(envelope)
}

/** Whether it may leave now. */
const isOpen = ({ category }: Envelope) => hasConsent() && !isLimited(category)

/** All that waits and may leave, newest first, so that a backlog never delays the error of this moment. */
function open(): Envelope[] {
  return [...backlog.values()].filter(isOpen).sort(byAge)
}

function send(envelope: Envelope): void {
  backlog.delete(envelope.key)
  idle = post(envelope, idle)
}

/** One attempt; what fails waits for the next one. Resolves when the requests before it are over, too. */
async function post(envelope: Envelope, before: Promise<void> | undefined): Promise<void> {
  let quota = 0
  const { url, head, text, category } = envelope
  const events = eventsIn(envelope)
  const answer = askForRules(events, nativeFetch)
  if (answer) await answer
  const reason = hasConsent()
    ? events && attempt(() => !staysKept(head.ohnoes as SampleClaim)) && 'sample_rate' // stored by who knows whom
    : 'consent'
  if (reason) {
    drop(reason, events)
    forget(envelope)
    currentSession().sent = undefined // what rode along is told again
    return before
  }
  const told = tellDrops()
  try {
    let body = toJson({ sent_at: new Date().toISOString(), ...head }).slice(0, -1) + text
    // https://develop.sentry.dev/sdk/telemetry/client-reports/
    const discarded_events = told.map(([reason, quantity]) => ({ reason, category: 'error', quantity }))
    // Sessions that are sampled out send nothing: others stand for them.
    if (!category && told.every(([reason]) => reason == 'sample_rate')) return untell(told)
    if (told[0]) body += `\n{"type":"client_report"}\n${toJson({ discarded_events })}`
    quota = Math.max(MIN_QUOTA, byteLength(body))
    // What is stored leaves the quota to what is not. Without keepalive a request ends with the page, then the next one
    // sends it. No beacon: it has the same quota.
    if (envelope.isStored || bytesInFlight + quota > MAX_KEEPALIVE_BYTES) {
      quota = 0
      save(envelope)
    }
    bytesInFlight += quota
    const { headers, fetchOptions } = options.transportOptions
    const response = await (options.transport || nativeFetch)(url, {
      method: 'POST',
      body,
      keepalive: !!quota,
      referrerPolicy: 'strict-origin',
      credentials: 'omit',
      headers,
      ...fetchOptions,
    } as RequestInit)
    const { ok, status } = response
    readLimits(response)
    // The browser gives the quota back only when the body has been read.
    await response.text()
    if (/408|429|5../.test(`${status}`)) throw status
    if (ok) stats.sent += events
    else {
      untell(told)
      drop('send_error', events)
    }
    forget(envelope)
    failures = 0
    open().forEach(send)
  } catch {
    attempt(() => {
      untell(told)
      wait(envelope)
    })
  }
  bytesInFlight -= quota
  await before
}

function wait(envelope: Envelope): void {
  if (!envelope.category) return
  keep(envelope)
  retryLater()
}

/** Exponential backoff with full jitter. */
function retryLater(): void {
  timer = timer || setTimeout(retry, Math.random() * Math.min(MAX_WAIT_MS, 1e3 * 2 ** failures++))
}

/** Tries the newest; the others follow when it succeeds. */
function retry(): void {
  timer = undefined
  attempt(() => {
    open().slice(0, 1).forEach(send)
    if (backlog.size) retryLater()
  })
}
