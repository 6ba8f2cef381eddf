import { type Context, Hono, type Next } from 'hono'
import { cors } from 'hono/cors'
import { checkKey, keyOfDsn, keyOfRequest } from './auth.ts'
import { createBodyReader } from './body.ts'
import { type AddressOf, incomingOf } from './client-address.ts'
import { quote } from './cut.ts'
import { type Envelope, parseEnvelope } from './envelope.ts'
import { accepted, HttpError } from './http-error.ts'
import { isObject } from './json.ts'
import type { Limited, Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import type { Project } from './project.ts'
import type { Projects } from './projects.ts'
import type { Sampling, Verdict } from './sampling.ts'
import type { Store, Write } from './store.ts'
import { countEvents, takeIn } from './take-in.ts'

const PATHS = ['/api/:project/envelope/', '/api/:project/envelope']
const RETRY_AFTER_S = 5
/** What slow clients can hold in memory together. */
const MAX_BYTES_IN_FLIGHT = 64 * 1024 * 1024
const MAX_SESSION_LENGTH = 200
/** What Sentry calls the events that a limit holds back. */
const LIMITED_CATEGORIES = 'error;default;feedback'

export interface IngestOptions {
  store: Store
  projects: Projects
  limits: Limits
  sampling: Sampling
  metrics: Metrics
  addressOf: AddressOf
  now: () => number
}

/** `POST /api/{project}/envelope/`, for ohnoes and for Sentry's own SDKs. */
export function createIngest(options: IngestOptions): Hono {
  const { store, projects, now } = options
  const app = new Hono()
  const readBody = createBodyReader({ maxBytesInFlight: MAX_BYTES_IN_FLIGHT })
  for (const path of PATHS) app.use(path, countRequest, allowAnyPage)
  app.on('OPTIONS', PATHS, answerPreflight)
  app.on('POST', PATHS, async c => {
    const project = projects.find(c.req.param('project') ?? '')
    const asks = { project, origin: c.req.header('origin'), nowMs: now() }
    const text = keyOfRequest({ query: c.req.query('sentry_key'), header: c.req.header('x-sentry-auth') })
    try {
      // Before the body is read, wherever that can be.
      if (text) checkKey(text, asks)
      const body = accepted(await readBody(incomingOf(c), c.req.header('content-encoding')))
      const { envelope } = accepted(parseEnvelope(body.bytes))
      const key = checkKey(text ?? keyOfDsn(envelope.header.dsn, project), asks)
      const events = countEvents(envelope)
      const sender = { project, key, session: sessionOf(envelope), address: options.addressOf(c) }
      const judge = (claim: unknown): Verdict => options.sampling.judge(project, claim)
      const { ohnoes } = envelope.header
      const { isShed, rate } = events ? options.sampling.judgeEvent(project, ohnoes) : judge(ohnoes)
      if (events && isShed) store.count(project.id, [{ kind: 'shed', reason: '', quantity: events }])
      const limited = events && !isShed ? options.limits.take(sender, events) : undefined
      if (limited)
        store.count(project.id, [{ kind: 'rate_limited', reason: limited.reason, quantity: events }])
      const { id, write } = takeIn({
        envelope,
        project,
        key: key.key,
        isEventless: isShed || limited !== undefined,
        isRefused: limited !== undefined,
        maxRate: rate,
        judge,
        userAgent: c.req.header('user-agent') ?? '',
        receivedMs: now(),
      })
      await makeDurable(store, write)
      if (limited) throw tooMany(limited)
      return c.json(id ? { id } : {})
    } catch (error) {
      countInvalid(error, project)
      throw error
    }
  })
  app.on('ALL', PATHS, (c: Context) => {
    throw new HttpError(
      405,
      'method_not_allowed',
      `${quote(c.req.method)} is not for this address: POST an envelope.`,
      { allow: 'POST, OPTIONS' },
    )
  })
  return app

  async function countRequest(c: Context, next: Next): Promise<void> {
    const startedMs = performance.now()
    await next()
    options.metrics.countRequest(c.res.status, (performance.now() - startedMs) / 1000)
  }

  function countInvalid(error: unknown, project: Project): void {
    if (error instanceof HttpError && error.status < 500 && error.status !== 429)
      store.count(project.id, [{ kind: 'invalid', reason: error.code, quantity: 1 }])
  }
}

// As the preflight's, but cors() makes a response ahead of the answer, which costs a tenth of all that a report does.
function allowAnyPage(c: Context, next: Next): Promise<void> {
  c.header('access-control-allow-origin', '*')
  c.header('access-control-expose-headers', 'X-Sentry-Rate-Limits,Retry-After')
  return next()
}

/** Allows whatever headers are asked for: `transportOptions.headers` may name any. */
const answerPreflight = cors({ origin: '*', allowMethods: ['POST'], maxAge: 24 * 3600 })

async function makeDurable(store: Store, write: Write): Promise<void> {
  const { events, vitals = [], sessions = [], sessionCounts = [], heldBack = [] } = write
  if (!events.length && !vitals.length && !sessions.length && !sessionCounts.length && !heldBack.length) {
    if (write.outcomes.length) store.count(write.project, write.outcomes)
    return
  }
  const written = await store.write(write)
  if (written.ok) return
  throw new HttpError(
    503,
    written.reason === 'full' ? 'overloaded' : 'not_stored',
    `The envelope was not stored (${written.reason}): send it again in ${RETRY_AFTER_S} seconds.`,
    { 'retry-after': String(RETRY_AFTER_S) },
  )
}

/** What tells sessions apart, for limits only: a claim of the client's. */
function sessionOf({ header }: Envelope): string | undefined {
  const session = isObject(header.ohnoes) ? header.ohnoes.sid : undefined
  return typeof session === 'string' && session ? session.slice(0, MAX_SESSION_LENGTH) : undefined
}

const WHAT_TO_DO: Record<Limited['reason'], string> = {
  key_quota: 'the quota of this key is used up',
  session_limit: 'this session has sent as many as one may',
  address_limit: 'this address has sent as many as one may',
}

function tooMany({ reason, retryAfterS }: Limited): HttpError {
  const scope = reason === 'key_quota' ? 'key' : 'client'
  return new HttpError(
    429,
    reason,
    `No more events are taken this hour, ${WHAT_TO_DO[reason]}: send them again in ${retryAfterS} seconds.`,
    {
      'retry-after': String(retryAfterS),
      'x-sentry-rate-limits': `${retryAfterS}:${LIMITED_CATEGORIES}:${scope}:${reason}`,
    },
  )
}
