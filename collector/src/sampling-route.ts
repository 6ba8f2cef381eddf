import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { etag } from 'hono/etag'
import { checkKey } from './auth.ts'
import type { Projects } from './projects.ts'
import type { Sampling } from './sampling.ts'

const PATH = '/api/:project/sampling'

export interface SamplingRouteOptions {
  sampling: Sampling
  projects: Projects
  now: () => number
}

/** `GET /api/{project}/sampling`: the rates of sampling, for pages, by the key of their DSN; a CDN may answer it. */
export function createSamplingRoute({ sampling, projects, now }: SamplingRouteOptions): Hono {
  const app = new Hono()
  app.use(PATH, cors({ origin: '*', allowMethods: ['GET'] }), etag())
  app.get(PATH, async c => {
    const project = projects.find(c.req.param('project'))
    // Without the page's origin: the answer is the same for all, and shared.
    checkKey(c.req.query('sentry_key'), { project, origin: undefined, nowMs: now() })
    const rules = await sampling.rules(project)
    c.header('cache-control', `public, max-age=${rules.ttl}`)
    return c.json(rules)
  })
  return app
}
