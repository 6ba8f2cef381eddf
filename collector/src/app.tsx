import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { VERSION } from 'ohnoes/protocol'
import { createApi } from './api.ts'
import { quote } from './cut.ts'
import { createDashboard } from './pages/dashboard.tsx'
import { HttpError } from './http-error.ts'
import { createIngest } from './ingest.ts'
import { ErrorPage, page, type Stylesheet } from './pages/layout.tsx'
import type { Log } from './log.ts'
import type { Project } from './project.ts'
import type { Store } from './store.ts'

export interface AppOptions {
  store: Store
  projects: Project[]
  stylesheet: Stylesheet
  log: Log
  now: () => number
  /** Adds routes of the host's own, ahead of the 404. */
  mount?: ((app: Hono) => void) | undefined
}

/** Every route of the collector, and the one place where an error becomes an answer. */
export function createApp({ store, projects, stylesheet, log, now, mount }: AppOptions): Hono {
  const app = new Hono()
  const findProject = (id: string): Project => {
    const project = projects.find(candidate => candidate.id === id)
    if (project) return project
    throw new HttpError(
      404,
      'unknown_project',
      `There is no project ${quote(id)}: copy the DSN from the dashboard.`,
    )
  }

  const answerError = (error: unknown, c: Context): Response | Promise<Response> => {
    const known = error instanceof HttpError ? error : undefined
    if (!known) log({ level: 'error', message: `${c.req.method} ${c.req.path} failed`, cause: error })
    const status = known?.status ?? 500
    const code = known?.code ?? 'internal'
    const message = known?.message ?? 'The collector failed: its log has the cause.'
    for (const [name, value] of Object.entries(known?.headers ?? {})) c.header(name, value)
    if (c.req.path.startsWith('/api/') || c.req.path === '/healthz')
      return c.json({ error: code, message }, status)
    return c.html(page(<ErrorPage status={status} message={message} stylesheet={stylesheet} />), status)
  }
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
  app.route('/', createIngest({ store, findProject, now }))
  mount?.(app)

  const reads = new Hono()
  reads.use(
    '*',
    refuseForeignHosts,
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'same-origin',
      strictTransportSecurity: false, // plain HTTP on 127.0.0.1
    }),
  )
  reads.route('/', createApi({ store, findProject, now }))
  reads.route('/', createDashboard({ store, findProject, projects, stylesheet, now }))
  app.route('/', reads)
  return app
}

// A page whose own name resolves to 127.0.0.1 (DNS rebinding) is of the same origin as we are to a browser,
// and could read everything here; the Host header gives it away.
const refuseForeignHosts: MiddlewareHandler = async (c, next) => {
  const { hostname } = new URL(c.req.url)
  if (!/^(127(\.\d+){3}|\[::1\]|(.+\.)?localhost)$/.test(hostname))
    throw new HttpError(421, 'wrong_host', `${quote(hostname)} is not our name: use http://127.0.0.1.`)
  await next()
}
