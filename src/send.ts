import { attempt } from './guard.ts'
import { byteLength } from './hash.ts'
import { toJson } from './json.ts'
import { drop, stats, untold, type Drops } from './ledger.ts'
import { isLimited, readLimits } from './limits.ts'
import { bound, inStore, save, type Envelope } from './offline.ts'
import { hasConsent, options } from './options.ts'
import { listen } from './patch.ts'
import { MAX_EVENT_BYTES, type Event, type SampleClaim } from './protocol.ts'
import { askForRules, staysKept } from './rules.ts'
import { currentSession, randomId, isSampled } from './session.ts'
import { trim } from './trim.ts'

// Chromium refuses keepalive requests past 64 KiB of bodies in flight over the whole page, and engines differ in how
// many they carry at once; the rest is left to the page's own keepalive requests (facts measured in Chromium 156).
const MAX_KEEPALIVE_BYTES = 60_000
// As many as a request counts for at least: eight at once, without a counter of requests.
const MIN_QUOTA = 7e3
// What goes with the event is small.
const MAX_HIDDEN_EVENT_BYTES = 5e4
// Before the next attempt: doubled by each failure.
const MIN_WAIT_MS = 1e3
const MAX_WAIT_MS = 5 * 60_000
// More than ever wait.
const ALL = 99

/** With the event's id; its session is the current one. */
type Claim = Omit<SampleClaim, 'sid'> & { id: string }

let url: string
let nativeFetch: typeof fetch
/** What waits for its next attempt, newest first, so that a backlog never delays the error of this moment. */
export let backlog: Envelope[] = []
let bytesInFlight = 0
let idle: Promise<void> | undefined
let timer: ReturnType<typeof setTimeout> | undefined
let delayMs = MIN_WAIT_MS
/** What is older is an earlier page's; nothing is, once it has been taken over. */
let startMs = attempt(Date.now)!

/** Where everything goes from now on, and by which `fetch`: what the page or we wrap later sees none of it. */
export function connect(envelopeUrl: string): void {
  url = envelopeUrl
  nativeFetch = self.fetch
  listen('online', () => pump())
}

/** Sends an event that was kept. Never throws; what cannot leave is counted. */
export function sendEvent(event: Event, claim: Claim): void {
  const payload = trim(event, document.hidden ? MAX_HIDDEN_EVENT_BYTES : MAX_EVENT_BYTES)
  if (!payload) drop('too_large')
  else if (isLimited()) drop('ratelimit_backoff')
  else sendItems(`\n{"type":"event"}\n${payload}`, claim)
}

/** Sends what waited for consent, now that there is; and soon what earlier pages could not send. */
export function release(): void {
  pump(ALL)
  setTimeout(restore, 1e3)
}

/** Takes over what earlier pages have left. */
function restore(): void {
  inStore(all => {
    for (const envelope of all)
      // What is younger than this page is on its way already, or another tab's.
      if (envelope.key < startMs) {
        backlog.push(envelope)
        stats.restored += envelope.events
      }
    startMs = 0
    pump()
    return all
  })
}

/** Forgets all that waits. */
export function forgetAll(): void {
  pump(0)
  inStore(() => [])
}

/** Resolves with true when what is in flight now is over, with false after `timeoutMs` at the latest. */
export function flush(timeoutMs = 2000): Promise<boolean> {
  return new Promise(async resolve => {
    setTimeout(resolve, timeoutMs, false)
    await idle
    resolve(true)
  })
}

/** Sends items, each after a line break, the first of them an event or not, with what there is to say of the session. */
export function sendItems(items = '', claim?: Claim): void {
  const session = currentSession()
  if (session.sent != session.errors && isSampled() && !isLimited('session')) {
    items += `\n{"type":"session"}\n${toJson({
      ...session,
      timestamp: new Date().toISOString(),
      init: session.sent == undefined,
      storms: undefined,
    })}`
    session.sent = session.errors
  }
  // What is sampled out is not told alone: others stand for it.
  const told: Drops[] = []
  for (const reason in untold)
    if (options.sendClientReports && (items || reason != 'sample_rate')) {
      told.push({ reason, category: 'error', quantity: untold[reason]! })
      delete untold[reason]
    }
  if (told[0]) items += `\n{"type":"client_report"}\n${toJson({ discarded_events: told })}`
  if (!items) return
  // A tunnel knows by the DSN where to go; its key is no secret. Not escaped (-2 B): what keys and
  // hosts are made of need not be.
  const envelope: Envelope = {
    key: Date.now() + Math.random(),
    url,
    claim: { sid: session.sid, id: randomId(), ...claim },
    text: `,"dsn":"${options.dsn}"}${items}`,
    events: claim ? 1 : 0,
    told,
  }
  // Not by a method that the page may have broken.
  backlog = [envelope, ...backlog]
  pump()
}

/** Sends so many of the newest, if any may leave; what then waits has its next attempt later. */
function pump(n = 1): void {
  attempt(() => {
    if (hasConsent() && !isLimited()) for (const envelope of backlog.splice(0, n)) idle = post(envelope, idle)
    bound(backlog, envelope => settle(envelope, options.consent ? 'queue_overflow' : 'consent'))
    clearTimeout(timer)
    // With full jitter.
    if (backlog[0])
      timer = setTimeout(() => {
        delayMs = Math.min(MAX_WAIT_MS, 2 * delayMs)
        pump()
      }, Math.random() * delayMs)
  })
}

/** When the fate of an envelope is known: it is sent unless there is a reason, and then another tells what it told. */
function settle(envelope: Envelope, reason?: string | false | 0): void {
  if (reason) {
    drop(reason, envelope.events)
    envelope.told.forEach(({ reason, quantity }) => drop(reason, quantity, [untold]))
    currentSession().sent = undefined
  } else stats.sent += envelope.events
  if (envelope.kept) inStore(all => all.filter(({ key }) => key != envelope.key))
}

/** One attempt; what fails waits for the next one. Resolves when the requests before it are over, too. */
async function post(envelope: Envelope, before: Promise<void> | undefined): Promise<void> {
  let quota = 0
  try {
    const { claim, events } = envelope
    if (events) await askForRules(envelope.url, nativeFetch)
    let reason = hasConsent() ? !staysKept(claim as SampleClaim) && 'sample_rate' : 'consent'
    if (!reason) {
      const body =
        toJson({ event_id: claim.id, sent_at: new Date().toISOString(), ohnoes: claim }).slice(0, -1) +
        envelope.text
      quota = Math.max(MIN_QUOTA, byteLength(body))
      // What is stored leaves the quota to what is not. Without keepalive a request ends with the page, then the next
      // one sends it. No beacon: it has the same quota.
      if (bytesInFlight + quota > MAX_KEEPALIVE_BYTES) save(envelope)
      if (envelope.kept) quota = 0
      bytesInFlight += quota
      const response = await (options.transport || nativeFetch)(envelope.url, {
        method: 'POST',
        body,
        keepalive: !!quota,
        referrerPolicy: 'strict-origin',
        credentials: 'omit',
        ...options.transportOptions, // as fetch reads it, `headers`
        ...options.transportOptions.fetchOptions,
      } as RequestInit)
      readLimits(response)
      // The browser gives the quota back only when the body has been read.
      await response.text()
      if (/408|429|5../.test(response.status as unknown as string)) throw 0
      if (!response.ok) reason = 'send_error'
      delayMs = MIN_WAIT_MS
      // The others follow.
      pump(ALL)
    }
    settle(envelope, reason)
  } catch {
    backlog = [envelope, ...backlog]
    save(envelope)
    pump(0)
  }
  bytesInFlight -= quota
  await before
}
