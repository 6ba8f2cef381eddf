import { createHash, hash } from 'node:crypto'
import { cut } from './cut.ts'
import { isObject, type JsonObject, readJson } from './json.ts'
import { tally } from './outcome.ts'
import type { NewSessionCount, Outcome, SessionStatus, SessionUpdate } from './store.ts'
import { type Clock, occurredAtMs, readSeconds } from './timestamp.ts'

// Sentry's session item (https://develop.sentry.dev/sdk/telemetry/sessions/) with one field of ours, `ohnoes_p`.
// Server SDKs add sessions up and send `sessions`, which has no id: it is known by its bytes and when it was sent.

const MIN_RATE = 1e-6
const MAX_COUNT = 1_000_000
const MAX_AGGREGATES = 100
const MAX_SID_LENGTH = 200
const MAX_RELEASE_LENGTH = 250
const MAX_ENVIRONMENT_LENGTH = 64

const STATUSES: Record<string, SessionStatus> = {
  ok: 'ok',
  exited: 'exited',
  errored: 'errored',
  abnormal: 'abnormal',
  crashed: 'crashed',
  // What @sentry/browser 11 calls an error that nobody handled; in its earlier versions, and here, that is a crash.
  unhandled: 'crashed',
}

/** The session updates of an envelope. */
export function readSessionItems(
  payloads: Uint8Array[],
  clock: Clock,
): { sessions: SessionUpdate[]; outcomes: Outcome[] } {
  const read = payloads.map(payload => readSession(payload, clock))
  return {
    sessions: read.flatMap(result => (result.ok ? [result.session] : [])),
    outcomes: tally(
      read.flatMap(result => (result.ok ? [] : [{ kind: 'invalid', reason: result.reason, quantity: 1 }])),
    ),
  }
}

/** The statuses that an aggregate has counts of, by their names there. */
const COUNTED_STATUSES = ['exited', 'errored', 'abnormal', 'crashed', 'unhandled']

/** What the `sessions` items of an envelope have added up. */
export function readSessionCounts(
  payloads: Uint8Array[],
  { sentAt, clock }: { sentAt: unknown; clock: Clock },
): { sessionCounts: NewSessionCount[]; outcomes: Outcome[] } {
  const outcomes: Outcome[] = []
  const sessionCounts = payloads.flatMap(payload => {
    const json = readJson(payload)
    const { aggregates, attrs } = json.ok && isObject(json.value) ? json.value : {}
    if (!Array.isArray(aggregates)) {
      outcomes.push({ kind: 'invalid', reason: 'invalid_sessions', quantity: 1 })
      return []
    }
    const sent = typeof sentAt === 'string' ? sentAt : ''
    const delivery = createHash('sha256').update(sent).update(payload).digest('hex').slice(0, 32)
    return aggregates
      .slice(0, MAX_AGGREGATES)
      .filter(isObject)
      .flatMap((aggregate, index) =>
        COUNTED_STATUSES.flatMap(name => {
          const quantity = readCount(aggregate[name])
          if (!quantity) return []
          return {
            id: `${delivery}-${index}-${name}`,
            startedMs: occurredAtMs(aggregate.started, clock),
            release: textOf(attrs, 'release', MAX_RELEASE_LENGTH),
            environment: textOf(attrs, 'environment', MAX_ENVIRONMENT_LENGTH),
            status: STATUSES[name] ?? 'errored',
            quantity,
          }
        }),
      )
  })
  return { sessionCounts, outcomes: tally(outcomes) }
}

const readCount = (value: unknown): number =>
  typeof value === 'number' && value >= 1 ? Math.min(Math.floor(value), MAX_COUNT) : 0

type ReadSession = { ok: true; session: SessionUpdate } | { ok: false; reason: string }

function readSession(payload: Uint8Array, clock: Clock): ReadSession {
  const json = readJson(payload)
  if (!json.ok) return refuse('invalid_session_json')
  if (!isObject(json.value)) return refuse('invalid_session')
  const { sid, started, timestamp, status, errors, attrs, ohnoes_p } = json.value
  if (typeof sid !== 'string' || sid === '' || sid.length > MAX_SID_LENGTH)
    return refuse('invalid_session_sid')
  const known = typeof status === 'string' && Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined
  if (!known) return refuse('invalid_session_status')
  if (readSeconds(started) === undefined) return refuse('invalid_session_started')
  const rate = ohnoes_p ?? 1
  // A session of unknown weight would bend every figure it is in.
  if (typeof rate !== 'number' || !(rate > 0 && rate <= 1)) return refuse('invalid_session_rate')

  const errorCount = readCount(errors)
  const isHealthy = known === 'ok' || known === 'exited'
  return {
    ok: true,
    session: {
      id: hashSession('session', sid),
      startedMs: occurredAtMs(started, clock),
      updatedMs: occurredAtMs(timestamp, clock),
      release: textOf(attrs, 'release', MAX_RELEASE_LENGTH),
      environment: textOf(attrs, 'environment', MAX_ENVIRONMENT_LENGTH),
      // Sentry's SDKs have no word for it: a session with errors stays `ok` or `exited`.
      status: isHealthy && errorCount ? 'errored' : known,
      errors: errorCount,
      rate: Math.max(rate, MIN_RATE),
    },
  }
}

/** What tells sessions apart, hashed, as it is compared only and may be an address. */
export const hashSession = (kind: 'session' | 'user', id: string | number): string =>
  hash('sha256', `${kind}:${id}`).slice(0, 32)

function textOf(attrs: unknown, key: string, maxLength: number): string | null {
  const text = isObject(attrs) ? (attrs as JsonObject)[key] : undefined
  return typeof text === 'string' && text ? cut(text, maxLength) : null
}

const refuse = (reason: string): ReadSession => ({ ok: false, reason })
