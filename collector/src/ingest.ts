import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { checkKey, keyOfDsn, keyOfRequest } from './auth.ts'
import { readBody } from './body.ts'
import { quote } from './cut.ts'
import { type Envelope, type EnvelopeItem, parseEnvelope } from './envelope.ts'
import { parseEvent, readEventId } from './event.ts'
import { HttpError, type Refusal } from './http-error.ts'
import { isObject, type JsonObject } from './json.ts'
import { readMetricItems } from './metric-item.ts'
import { newEventOf } from './new-event.ts'
import { outcomesOfSkipped } from './outcome.ts'
import type { Project } from './project.ts'
import type { ReceivedEvent } from './received-event.ts'
import { hashSession, readSessionItems } from './session-item.ts'
import type { Store } from './store.ts'
import { clockDriftS } from './timestamp.ts'

const PATHS = ['/api/:project/envelope/', '/api/:project/envelope']
const STORED_TYPES = ['event', 'session', 'trace_metric']
const RETRY_AFTER_S = 5

export interface IngestOptions {
  store: Store
  findProject: (id: string) => Project
  now: () => number
}

/** `POST /api/{project}/envelope/`, for ohnoes and for Sentry's own SDKs. */
export function createIngest({ store, findProject, now }: IngestOptions): Hono {
  const app = new Hono()
  // The preflight allows whatever headers are asked for: `transportOptions.headers` may name any.
  const allowAnyPage = cors({
    origin: '*',
    allowMethods: ['POST'],
    exposeHeaders: ['X-Sentry-Rate-Limits', 'Retry-After'],
    maxAge: 24 * 3600,
  })
  for (const path of PATHS) app.use(path, allowAnyPage)
  app.on('POST', PATHS, async c => {
    const project = findProject(c.req.param('project') ?? '')
    const key = keyOfRequest({ query: c.req.query('sentry_key'), header: c.req.header('x-sentry-auth') })
    try {
      // Before the body is read, wherever that can be.
      if (key) checkKey(key, project)
      const body = accepted(await readBody(c.req.raw))
      const { envelope } = accepted(parseEnvelope(body.bytes))
      if (!key) checkKey(keyOfDsn(envelope.header.dsn, project), project)
      const id = await takeIn(envelope, project)
      return c.json(id ? { id } : {})
    } catch (error) {
      if (error instanceof HttpError && error.status < 500)
        store.count(project.id, [{ kind: 'invalid', reason: error.code, quantity: 1 }])
      throw error
    }
  })
  app.on('ALL', PATHS, c => {
    throw new HttpError(
      405,
      'method_not_allowed',
      `${quote(c.req.method)} is not for this address: POST an envelope.`,
      {
        allow: 'POST, OPTIONS',
      },
    )
  })
  return app

  /** Resolves with the id to answer, once everything in the envelope is durable. */
  async function takeIn(envelope: Envelope, project: Project): Promise<string | undefined> {
    const { header, items } = envelope
    const receivedMs = now()
    const events = payloadsOf(items, 'event').map((payload, index) => {
      // The header's id is the first event's only: two events under one id would be one.
      const { event } = accepted(
        parseEvent(payload, { header: index ? { ...header, event_id: undefined } : header, receivedMs }),
      )
      return newEventOf(event, { receivedMs, session: sessionOf(event, header) })
    })
    const clock = { receivedMs, driftS: clockDriftS(header.sent_at, receivedMs) }
    const envelopeId = isObject(header.ohnoes) ? header.ohnoes.id : undefined
    const metrics = readMetricItems(payloadsOf(items, 'trace_metric'), { envelopeId, clock })
    const updates = readSessionItems(payloadsOf(items, 'session'), clock)
    const skipped = items.filter(({ type }) => !STORED_TYPES.includes(type))
    const outcomes = [
      ...outcomesOfSkipped(skipped, envelope.dropped),
      ...metrics.outcomes,
      ...updates.outcomes,
    ]
    const { vitals } = metrics
    const { sessions } = updates
    const id = events[0]?.eventId ?? readEventId(header.event_id)
    if (!events.length && !vitals.length && !sessions.length) {
      if (outcomes.length) store.count(project.id, outcomes)
      return id
    }
    // Only events are counted as accepted and stored; of the others, what was dropped.
    if (events.length) outcomes.unshift({ kind: 'accepted', reason: '', quantity: events.length })
    const written = await store.write({ project: project.id, events, vitals, sessions, outcomes })
    if (!written.ok)
      throw new HttpError(
        503,
        written.reason === 'full' ? 'overloaded' : 'not_stored',
        `The envelope was not stored (${written.reason}): send it again in ${RETRY_AFTER_S} seconds.`,
        { 'retry-after': String(RETRY_AFTER_S) },
      )
    return id
  }
}

const payloadsOf = (items: EnvelopeItem[], wanted: string): Uint8Array[] =>
  items.filter(({ type }) => type === wanted).map(({ payload }) => payload)

function accepted<Result extends { ok: true }>(result: Result | Refusal): Result {
  if (result.ok) return result
  throw new HttpError(result.status, result.code, result.message)
}

/** ohnoes' own session id, else who the user was. */
function sessionOf({ user }: ReceivedEvent, { ohnoes }: JsonObject): string | null {
  const session = isObject(ohnoes) ? ohnoes.sid : undefined
  const id = session ?? user?.id ?? user?.email ?? user?.username
  if (typeof id !== 'string' && typeof id !== 'number') return null
  return hashSession(session === undefined ? 'user' : 'session', id)
}
