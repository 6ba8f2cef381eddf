import { byteLength } from './hash.ts'
import { toJson } from './json.ts'
import { drop, stats } from './ledger.ts'
import { hasConsent, options } from './options.ts'
import { MAX_EVENT_BYTES, type Event, type SampleClaim } from './protocol.ts'
import { currentSession, randomId, isSampled } from './session.ts'
import { trim } from './trim.ts'

// Of keepalive requests in flight, over the whole page.
const MAX_KEEPALIVE_BYTES = 60_000
const MAX_ENVELOPES = 30

/** With the event's id; its session is the current one. */
type Claim = Omit<SampleClaim, 'sid'> & { id: string }

let url: string
let nativeFetch: typeof fetch
/** What waits for consent, newest first: its text, and how many events are in it. */
let backlog: [string, number][] = []
let bytesInFlight = 0
let idle: Promise<void> | undefined

export function connect(envelopeUrl: string): void {
  url = envelopeUrl
  nativeFetch = self.fetch
}

export function sendEvent(event: Event, claim: Claim): void {
  const payload = trim(event, MAX_EVENT_BYTES)
  if (!payload) drop('too_large')
  else sendItems(`\n{"type":"event"}\n${payload}`, claim)
}

/** Sends what waited for consent, once there is. */
export function release(): void {
  if (hasConsent()) for (const envelope of backlog.splice(0)) idle = post(envelope, idle)
}

export function forgetAll(): void {
  backlog.splice(0).forEach(envelope => drop('consent', envelope[1]))
}

export function flush(timeoutMs = 2000): Promise<boolean> {
  return new Promise(async resolve => {
    setTimeout(resolve, timeoutMs, false)
    await idle
    resolve(true)
  })
}

export function sendItems(items = '', claim?: Claim): void {
  const session = currentSession()
  if (session.sent != session.errors && isSampled()) {
    items += `\n{"type":"session"}\n${toJson({
      ...session,
      timestamp: new Date().toISOString(),
      init: session.sent == undefined,
    })}`
    session.sent = session.errors
  }
  if (!items) return
  const head = {
    event_id: claim && claim.id,
    sent_at: new Date().toISOString(),
    dsn: options.dsn,
    ohnoes: { sid: session.sid, id: randomId(), ...claim },
  }
  backlog.unshift([toJson(head) + items, claim ? 1 : 0])
  if (backlog[MAX_ENVELOPES]) drop('queue_overflow', backlog.pop()![1])
  release()
}

/** The one attempt. Resolves when the requests before it are over, too. */
async function post([body, events]: [string, number], before: Promise<void> | undefined): Promise<void> {
  const quota = byteLength(body)
  bytesInFlight += quota
  try {
    const response = await nativeFetch(url, {
      method: 'POST',
      body,
      keepalive: bytesInFlight < MAX_KEEPALIVE_BYTES,
      referrerPolicy: 'strict-origin',
      credentials: 'omit',
    })
    await response.text()
    if (!response.ok) throw 0
    stats.sent += events
  } catch {
    drop('network_error', events)
  }
  bytesInFlight -= quota
  await before
}
