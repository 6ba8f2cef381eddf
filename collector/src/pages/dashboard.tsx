import { Hono } from 'hono'
import type { AccessEnv } from '../access.ts'
import type { ReadOptions } from '../api.ts'
import { daysOf } from '../days.ts'
import { HttpError } from '../http-error.ts'
import { groupsPath } from '../paths.ts'
import type { Projects } from '../projects.ts'
import { createGroupPages } from './group-routes.ts'
import { createSettingsPages } from './settings-routes.ts'
import type { Show } from './show.ts'
import { vitalsView } from './vitals-page.tsx'

export interface DashboardOptions extends ReadOptions {
  projects: Projects
  show: Show
  /** How browsers reach the collector, where that is another address than its own. */
  publicUrl: string | undefined
}

/** The pages for people. */
export function createDashboard(options: DashboardOptions): Hono<AccessEnv> {
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
  app.route('/', createSettingsPages(options))
  return app
}
