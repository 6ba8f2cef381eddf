import { Hono } from 'hono'
import type { AccessEnv } from './access.ts'
import { crashFreeByDay, crashFreeOf } from './crash-free.ts'
import { encodeCursor, pageRequestOf } from './cursor.ts'
import { quote } from './cut.ts'
import { daysOf } from './days.ts'
import { estimateOf } from './estimate.ts'
import { readEventId } from './event.ts'
import { TAG_PREFIX } from './facets.ts'
import { groupsRequestOf } from './groups-request.ts'
import { HttpError } from './http-error.ts'
import { outcomesToJson } from './outcome.ts'
import type { Project } from './project.ts'
import { readStored } from './raw-stack.ts'
import type { ReceivedEvent } from './received-event.ts'
import type { EventHead, Group, GroupDetail, GroupSamples, StoredEvent } from './group-store.ts'
import type { Store, VitalSummary } from './store.ts'
import type { Symbolicator } from './maps/symbolicator.ts'
import { VITALS } from './vitals.ts'

export interface ReadOptions {
  store: Store
  symbolicator: Symbolicator
  findProject: (id: string) => Project
  now: () => number
}

/** The JSON routes that read; times are seconds since the epoch, like an event's `timestamp`. */
export function createApi(options: ReadOptions): Hono<AccessEnv> {
  const { store, findProject, now } = options
  const app = new Hono<AccessEnv>().basePath('/api/:project')
  app.get('/groups', async c => {
    const project = findProject(c.req.param('project') ?? '')
    const { rows, next } = await store.groups(project.id, groupsRequestOf(c.req.query(), now()))
    return c.json({ groups: rows.map(groupToJson), next: next && encodeCursor(next) })
  })
  app.get('/groups/:id', async c => {
    const project = findProject(c.req.param('project') ?? '')
    return c.json(detailToJson(await findGroup(store, project, c.req.param('id'))))
  })
  app.get('/groups/:id/events', async c => {
    const project = findProject(c.req.param('project') ?? '')
    const { id } = await findGroup(store, project, c.req.param('id'))
    const { rows, next } = await store.groupEvents(project.id, id, pageRequestOf(c.req.query()))
    return c.json({ events: rows.map(headToJson), next: next && encodeCursor(next) })
  })
  app.get('/events/:event_id', async c => {
    const project = findProject(c.req.param('project') ?? '')
    const { event } = await findEvent(options, project, c.req.param('event_id'))
    return c.json(event)
  })
  app.get('/vitals', async c => {
    const project = findProject(c.req.param('project') ?? '')
    const vitals = await store.vitals(project.id, daysOf(c.req.query(), now()).sinceMs)
    return c.json({ since: vitals.sinceMs / 1000, pages: vitals.rows.map(vitalToJson) })
  })
  app.get('/sessions', async c => {
    const project = findProject(c.req.param('project') ?? '')
    const { sinceMs } = daysOf(c.req.query(), now())
    const { releases, all } = await store.sessions(project.id, sinceMs)
    return c.json({
      since: sinceMs / 1000,
      releases: releases.map(({ release, counts }) => ({
        release,
        ...crashFreeOf(counts),
        days: crashFreeByDay(counts),
      })),
      days: crashFreeByDay(all),
    })
  })
  app.get('/outcomes', async c => {
    const project = findProject(c.req.param('project') ?? '')
    return c.json(outcomesToJson(await store.outcomes(project.id)))
  })
  return app
}

/** The group of that id, or a 404. */
export async function findGroup(store: Store, project: Project, id: string): Promise<GroupDetail> {
  const group = await store.group(project.id, id)
  if (!group)
    throw new HttpError(
      404,
      'unknown_group',
      `There is no group ${quote(id)} in project ${quote(project.id)}.`,
    )
  return group
}

/** The event of that id, its frames resolved where they can be, or a 404. */
export async function findEvent(
  { store, symbolicator }: Pick<ReadOptions, 'store' | 'symbolicator'>,
  project: Project,
  id: string,
): Promise<Omit<StoredEvent, 'payload' | 'frames'> & { event: ReceivedEvent }> {
  const eventId = readEventId(id)
  const stored = eventId ? await store.event(project.id, eventId) : null
  if (!stored)
    throw new HttpError(
      404,
      'unknown_event',
      `There is no event ${quote(id)} in project ${quote(project.id)}.`,
    )
  const { payload, frames, ...others } = stored
  const event = readStored({ payload, frames })
  return { ...others, event: await symbolicator.resolve(project.id, event) }
}

const groupToJson = (group: Group & { samples: GroupSamples }) => ({
  id: group.id,
  title: group.title,
  type: group.type,
  value: group.value,
  culprit: group.culprit,
  status: group.status,
  first_seen: group.firstSeenMs / 1000,
  last_seen: group.lastSeenMs / 1000,
  occurrences: estimateOf(group.samples.events),
  sessions: estimateOf(group.samples.sessions),
})

function detailToJson(group: GroupDetail) {
  const releases = group.facets.find(({ key }) => key === 'release')?.values ?? []
  return {
    ...groupToJson(group),
    grouped_by: group.groupedBy,
    releases: releases
      .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs)
      .map(({ value, events, firstSeenMs, lastSeenMs }) => ({
        release: value,
        events: Math.round(events),
        first_seen: firstSeenMs / 1000,
        last_seen: lastSeenMs / 1000,
      })),
    tags: group.facets
      .filter(({ key }) => key.startsWith(TAG_PREFIX))
      .map(({ key, values }) => ({
        key: key.slice(TAG_PREFIX.length),
        values: values.map(({ value, events }) => ({ value, events: Math.round(events) })),
      })),
  }
}

const headToJson = ({ eventId, timestampMs, release, environment }: EventHead) => ({
  event_id: eventId,
  timestamp: timestampMs / 1000,
  release,
  environment,
})

const vitalToJson = ({ page, name, p75, samples, weight }: VitalSummary) => ({
  page,
  metric: name,
  p75,
  unit: VITALS[name].unit,
  samples,
  weight,
})
