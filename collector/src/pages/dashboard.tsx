import { Hono } from 'hono'
import type { AccessEnv } from '../access.ts'
import { daysOf } from '../days.ts'
import { HttpError } from '../http-error.ts'
import { groupsPath } from '../paths.ts'
import { createGroupPages } from './group-routes.ts'
import { healthView } from './health-page.tsx'
import { createReleasePages } from './release-routes.ts'
import { createSettingsPages, usageOf } from './settings-routes.ts'
import type { PageOptions } from './show.ts'
import { vitalsView } from './vitals-page.tsx'

/** The pages for people. */
export function createDashboard(options: PageOptions): Hono<AccessEnv> {
  const { store, findProject, projects, show, now } = options
  const app = new Hono<AccessEnv>()
  app.get('/', c => {
    const [first] = projects.all()
    if (!first) throw new HttpError(404, 'no_project', 'This collector has no project: start it with one.')
    return c.redirect(groupsPath(first))
  })
  app.route('/', createGroupPages(options))
  app.get('/projects/:project/vitals', async c => {
    const project = findProject(c.req.param('project'))
    const { days, sinceMs } = daysOf(c.req.query(), now())
    const [vitals, sessions] = await Promise.all([
      store.vitals(project.id, sinceMs),
      store.sessions(project.id, sinceMs),
    ])
    return show(c, vitalsView({ project, days, sinceMs, vitals, sessions }))
  })
  app.get('/projects/:project/health', async c => {
    const project = findProject(c.req.param('project'))
    const [outcomes, condition, isHealthy, usage] = await Promise.all([
      store.outcomes(project.id),
      store.condition(),
      store.isHealthy(),
      usageOf(project, { store, nowMs: now() }),
    ])
    return show(c, healthView({ project, outcomes, condition, isHealthy, usage }))
  })
  app.route('/', createReleasePages(options))
  app.route('/', createSettingsPages(options))
  return app
}
