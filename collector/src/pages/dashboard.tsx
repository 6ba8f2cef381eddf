import { Hono } from 'hono'
import type { AccessEnv } from '../access.ts'
import { findEvent, findGroup, type ReadOptions } from '../api.ts'
import { pageRequestOf } from '../cursor.ts'
import { daysOf } from '../days.ts'
import { EventPage } from './event-page.tsx'
import { GroupList } from './group-list.tsx'
import { GroupPage } from './group-page.tsx'
import { groupsRequestOf } from '../groups-request.ts'
import { HttpError } from '../http-error.ts'
import { page, type Stylesheet } from './layout.tsx'
import { groupsPath } from '../paths.ts'
import { dsnOf } from '../project.ts'
import type { Projects } from '../projects.ts'
import { VitalsPage } from './vitals-page.tsx'

export interface DashboardOptions extends ReadOptions {
  projects: Projects
  stylesheet: Stylesheet
  /** How browsers reach the collector, where that is another address than its own. */
  publicUrl: string | undefined
}

/** The pages for people. */
export function createDashboard({
  store,
  findProject,
  projects,
  stylesheet,
  publicUrl,
  now,
}: DashboardOptions): Hono<AccessEnv> {
  const app = new Hono<AccessEnv>()
  app.get('/', c => {
    const [first] = projects.all()
    if (!first) throw new HttpError(404, 'no_project', 'This collector has no project: start it with one.')
    return c.redirect(groupsPath(first))
  })
  app.get('/projects/:project/groups', async c => {
    const project = findProject(c.req.param('project'))
    const request = groupsRequestOf(c.req.query(), now())
    const groups = await store.groups(project.id, request)
    const dsn = dsnOf(project, publicUrl ?? new URL(c.req.url).origin)
    const isFirst = request.after === null
    return c.html(page(<GroupList {...{ project, groups, dsn, isFirst, stylesheet }} nowMs={now()} />))
  })
  app.get('/projects/:project/groups/:id', async c => {
    const project = findProject(c.req.param('project'))
    const group = await findGroup(store, project, c.req.param('id'))
    const events = await store.groupEvents(project.id, group.id, pageRequestOf(c.req.query()))
    return c.html(page(<GroupPage {...{ project, group, events, stylesheet }} nowMs={now()} />))
  })
  app.get('/projects/:project/events/:event_id', async c => {
    const project = findProject(c.req.param('project'))
    const { event, groupId } = await findEvent(store, project, c.req.param('event_id'))
    return c.html(page(<EventPage {...{ project, event, groupId, stylesheet }} />))
  })
  app.get('/projects/:project/vitals', async c => {
    const project = findProject(c.req.param('project'))
    const { days, sinceMs } = daysOf(c.req.query(), now())
    const [vitals, sessions] = await Promise.all([
      store.vitals(project.id, sinceMs),
      store.sessions(project.id, sinceMs),
    ])
    return c.html(page(<VitalsPage {...{ project, days, sinceMs, vitals, sessions, stylesheet }} />))
  })
  return app
}
