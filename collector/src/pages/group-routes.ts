import { type Context, Hono } from 'hono'
import type { AccessEnv } from '../access.ts'
import { findEvent, findGroup } from '../api.ts'
import { pageRequestOf } from '../cursor.ts'
import { eventMarkdown } from '../event-markdown.ts'
import { SETTABLE_STATUSES } from '../group-status.ts'
import type { Change, GroupDetail } from '../group-store.ts'
import { bucketsOf, groupsRequestOf, spanOf } from '../groups-request.ts'
import { HttpError } from '../http-error.ts'
import { groupPath, groupsPath } from '../paths.ts'
import { dsnOf, type Project } from '../project.ts'
import type { ReceivedEvent } from '../received-event.ts'
import { eventListView } from './event-list.tsx'
import { DEFAULT_QUERY, groupListView } from './group-list.tsx'
import { groupView } from './group-page.tsx'
import { type PageOptions, visitorOf } from './show.ts'

const NO_NEIGHBOURS = { first: null, previous: null, next: null, last: null }

type Requested = Context<AccessEnv>

/** The pages of groups and events, and what is done to groups. */
export function createGroupPages(options: Omit<PageOptions, 'projects'>): Hono<AccessEnv> {
  const { store, findProject, assets, show, publicUrl, now } = options
  const app = new Hono<AccessEnv>()
  const projectOf = (c: Requested): Project => findProject(c.req.param('project') ?? '')
  // There is one login; without a password nobody is anybody.
  const changeOf = (c: Requested): Change => ({ who: visitorOf(c).isSignedIn ? 'admin' : '', atMs: now() })

  app.get('/projects/:project/groups', async c => {
    const project = projectOf(c)
    const asked = c.req.query()
    const query = asked.query ?? DEFAULT_QUERY
    const props = {
      ...{ project, query, visitor: visitorOf(c), nowMs: now() },
      counts: await store.statusCounts(project.id),
      span: spanOf(asked),
      isFirst: !asked.cursor,
      dsn: dsnOf(project, publicUrl ?? new URL(c.req.url).origin),
      loader: assets.loader,
    }
    try {
      const request = groupsRequestOf({ ...asked, query }, now())
      const groups = await store.groups(project.id, request)
      return await show(c, groupListView({ ...props, groups, sort: request.sort }))
    } catch (error) {
      // Said beside the field, so that it can be put right there.
      if (!(error instanceof HttpError && error.code === 'invalid_query')) throw error
      const view = groupListView({ ...props, groups: null, sort: 'last_seen', problem: error.message })
      return show(c, view, error.status)
    }
  })
  app.post('/projects/:project/groups', async c => {
    const project = projectOf(c)
    const { id, action, query } = await c.req.parseBody({ all: true })
    const ids = [id ?? []].flat().filter(one => typeof one === 'string')
    if (action === 'merge') await store.mergeGroups(project.id, ids, changeOf(c))
    else await store.setStatus(project.id, ids, { status: settableOf(action), ...changeOf(c) })
    return c.redirect(groupsPath(project, { query: String(query ?? DEFAULT_QUERY) }), 303)
  })

  app.get('/projects/:project/groups/:id', async c => {
    const project = projectOf(c)
    const group = await findGroup(store, project, c.req.param('id'))
    if (group.id !== c.req.param('id')) return c.redirect(groupPath(project, group.id))
    const { rows } = await store.groupEvents(project.id, group.id, { after: null, limit: 1 })
    const latest = rows[0] && (await findEvent(options, project, rows[0].eventId)).event
    return showGroup(c, { project, group, event: latest ?? null, isLatest: true })
  })
  app.post('/projects/:project/groups/:id', async c => {
    const project = projectOf(c)
    const { id } = await findGroup(store, project, c.req.param('id'))
    const { status, unmerge } = await c.req.parseBody()
    if (typeof unmerge === 'string') await store.unmergeGroup(project.id, unmerge, changeOf(c))
    else await store.setStatus(project.id, [id], { status: settableOf(status), ...changeOf(c) })
    return c.redirect(groupPath(project, id), 303)
  })
  app.get('/projects/:project/groups/:id/events', async c => {
    const project = projectOf(c)
    const group = await findGroup(store, project, c.req.param('id'))
    const request = pageRequestOf(c.req.query())
    const events = await store.groupEvents(project.id, group.id, request)
    return show(c, eventListView({ project, group, events, isFirst: request.after === null }))
  })
  app.get('/projects/:project/events/:file{.+\\.md}', async c => {
    const { event } = await findEvent(options, projectOf(c), c.req.param('file').slice(0, -'.md'.length))
    return c.text(eventMarkdown(event), 200, { 'content-type': 'text/markdown; charset=utf-8' })
  })
  app.get('/projects/:project/events/:event_id', async c => {
    const project = projectOf(c)
    const { event, groupId } = await findEvent(options, project, c.req.param('event_id'))
    const group = await findGroup(store, project, groupId)
    return showGroup(c, { project, group, event, isLatest: false })
  })
  return app

  async function showGroup(
    c: Requested,
    shown: { project: Project; group: GroupDetail; event: ReceivedEvent | null; isLatest: boolean },
  ) {
    const { project, group, event } = shown
    const span = spanOf({ span: '14d', ...c.req.query() })
    const buckets = bucketsOf(span, now())
    const [trend, neighbours] = await Promise.all([
      store.trend(project.id, group.id, buckets),
      event ? store.neighbours(project.id, group.id, event.event_id) : NO_NEIGHBOURS,
    ])
    const visitor = visitorOf(c)
    const isRaw = c.req.query('frames') === 'raw'
    return show(c, groupView({ ...shown, isRaw, trend, neighbours, buckets, span, nowMs: now(), visitor }))
  }
}

function settableOf(status: unknown): (typeof SETTABLE_STATUSES)[number] {
  const found = SETTABLE_STATUSES.find(known => known === status)
  if (found) return found
  throw new HttpError(
    400,
    'invalid_status',
    `That status cannot be set: choose one of ${SETTABLE_STATUSES.join(', ')}.`,
  )
}
