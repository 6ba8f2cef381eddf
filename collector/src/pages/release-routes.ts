import { Hono } from 'hono'
import type { AccessEnv } from '../access.ts'
import { findEvent } from '../api.ts'
import { pageRequestOf } from '../cursor.ts'
import { quote } from '../cut.ts'
import { HttpError } from '../http-error.ts'
import { artifactsView } from './artifacts-page.tsx'
import { explainView } from './explain-page.tsx'
import { releasesView, releaseView } from './releases-page.tsx'
import type { PageOptions } from './show.ts'

/** The pages of releases and their source maps, and how the frames of an event were resolved. */
export function createReleasePages(options: Omit<PageOptions, 'projects'>): Hono<AccessEnv> {
  const { store, findProject, show, now } = options
  const app = new Hono<AccessEnv>()
  app.get('/projects/:project/releases', async c => {
    const project = findProject(c.req.param('project'))
    return show(c, releasesView({ project, releases: await store.releases(project.id), nowMs: now() }))
  })
  app.get('/projects/:project/releases/:release', async c => {
    const project = findProject(c.req.param('project'))
    const release = c.req.param('release')
    const detail = await store.release(project.id, release)
    if (!detail)
      throw new HttpError(
        404,
        'unknown_release',
        `Project ${quote(project.id)} has no release ${quote(release)}.`,
      )
    return show(c, releaseView({ project, detail, nowMs: now() }))
  })
  app.get('/projects/:project/artifacts', async c => {
    const project = findProject(c.req.param('project'))
    const [artifacts, missing] = await Promise.all([
      store.artifacts(project.id, pageRequestOf(c.req.query())),
      store.missingArtifacts(project.id),
    ])
    return show(c, artifactsView({ project, artifacts, missing, nowMs: now() }))
  })
  app.get('/projects/:project/events/:event_id/explain', async c => {
    const project = findProject(c.req.param('project'))
    const { event } = await findEvent(options, project, c.req.param('event_id'))
    return show(c, explainView({ project, event }))
  })
  return app
}
