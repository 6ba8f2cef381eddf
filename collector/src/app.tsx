import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { VERSION } from 'ohnoes/protocol'
import { type Access, type AccessEnv } from './access.ts'
import { createApi } from './api.ts'
import { createArtifactUpload } from './artifact-upload.ts'
import type { Assets } from './assets.ts'
import type { AddressOf } from './client-address.ts'
import { quote } from './cut.ts'
import { createDashboard } from './pages/dashboard.tsx'
import { HttpError } from './http-error.ts'
import { createIngest } from './ingest.ts'
import { errorView } from './pages/layout.tsx'
import type { Limits } from './limits.ts'
import type { Log } from './log.ts'
import type { Sampling } from './sampling.ts'
import { createSamplingRoute } from './sampling-route.ts'
import type { Symbolicator } from './maps/symbolicator.ts'
import type { Metrics } from './metrics.ts'
import { arrivalView, createLogin, localPathOf } from './pages/login-page.tsx'
import { createShow, type Show } from './pages/show.ts'
import type { Projects } from './projects.ts'
import type { Regrouping } from './regrouping.ts'
import type { Store } from './store.ts'

const MAX_FORM_BYTES = 64 * 1024

export interface AppOptions {
  store: Store
  projects: Projects
  limits: Limits
  sampling: Sampling
  metrics: Metrics
  symbolicator: Symbolicator
  regrouping: Pick<Regrouping, 'start'>
  access: Access
  addressOf: AddressOf
  assets: Assets
  /** How browsers reach the collector, where that is another address than its own. */
  publicUrl: string | undefined
  log: Log
  now: () => number
  /** Adds routes of the host's own, ahead of the 404. */
  mount?: ((app: Hono) => void) | undefined
}

/** Every route of the collector, and the one place where an error becomes an answer. */
export function createApp(options: AppOptions): Hono {
  const { store, assets, mount } = options
  const app = new Hono()
  const show = createShow(options)
  const answerError = createErrorAnswer(options, show)
  app.onError(answerError)
  app.notFound(c =>
    answerError(
      new HttpError(404, 'not_found', `There is nothing at ${quote(c.req.path)}: the dashboard is at /.`),
      c,
    ),
  )

  app.get('/healthz', async c => {
    if (await store.isHealthy()) return c.json({ ok: true, version: VERSION })
    throw new HttpError(503, 'store_gone', 'The store does not answer: restart the collector.')
  })
  app.route('/', createIngest(options))
  app.route('/', createSamplingRoute(options))
  app.route('/', createArtifactUpload(options))
  mount?.(app)
  app.use('*', guardBrowsers)
  app.use('*', bodyLimit({ maxSize: MAX_FORM_BYTES, onError: refuseLargeForm }))
  for (const { name, type, text } of assets.files)
    app.get(`${assets.base}/${name}`, c =>
      c.text(text, 200, { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }),
    )
  app.route('/', createLogin({ ...options, show }))
  app.route('/', createReads(options, show))
  return app
}

/** What people and programs read, once they are let in. */
function createReads(options: AppOptions, show: Show): Hono<AccessEnv> {
  const app = new Hono<AccessEnv>()
  const { store, access } = options
  const findProject = options.projects.find
  app.use('*', access.guard)
  app.use('/api/:project/*', access.guardProject)
  app.get('/metrics', async c => {
    const { text, contentType } = await options.metrics.read({ store, projects: options.projects.all() })
    return c.text(text, 200, { 'content-type': contentType })
  })
  app.route('/', createApi({ ...options, findProject }))
  app.route('/', createDashboard({ ...options, findProject, show }))
  return app
}

const guardBrowsers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  strictTransportSecurity: false, // for the proxy to say, who has the certificate
})

function refuseLargeForm(): never {
  throw new HttpError(413, 'too_large', `A form has at most ${MAX_FORM_BYTES} bytes.`)
}

const createErrorAnswer =
  ({ log }: AppOptions, show: Show) =>
  (error: unknown, c: Context): Response | Promise<Response> => {
    const known = error instanceof HttpError ? error : undefined
    if (!known) log({ level: 'error', message: `${c.req.method} ${c.req.path} failed`, cause: error })
    const { status = 500, code = 'internal' } = known ?? {}
    const message = known?.message ?? 'The collector failed: its log has the cause.'
    for (const [name, value] of Object.entries(known?.headers ?? {})) c.header(name, value)
    if (c.req.path.startsWith('/api/') || c.req.path === '/healthz' || c.req.path === '/metrics')
      return c.json({ error: code, message }, status)
    if (status === 401 && c.req.method === 'GET') return toLogin(c, show)
    return show(c, errorView({ status, message }), status)
  }

function toLogin(c: Context, show: Show): Response | Promise<Response> {
  const { pathname, search } = new URL(c.req.url)
  const path = localPathOf(pathname + search)
  if (c.req.header('sec-fetch-site') === 'cross-site') return show(c, arrivalView(path))
  return c.redirect(`/login?next=${encodeURIComponent(path)}`, 303)
}
