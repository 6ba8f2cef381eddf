import { type Context, Hono } from 'hono'
import type { AccessEnv } from '../access.ts'
import { quote } from '../cut.ts'
import { HttpError } from '../http-error.ts'
import { graceEndMs, rotateKey } from '../key-rotation.ts'
import { hourOf } from '../limits.ts'
import { settingsPath } from '../paths.ts'
import type { Project } from '../project.ts'
import { readKeyChange, readProjectChange, type SettingsInput } from '../settings-input.ts'
import type { Store } from '../store.ts'
import { settingsView } from './settings-page.tsx'
import { type PageOptions, visitorOf } from './show.ts'

type Requested = Context<AccessEnv>

/** Where people change projects and keys. */
export function createSettingsPages(options: PageOptions): Hono<AccessEnv> {
  const { store, findProject, projects, show, publicUrl, now } = options
  const app = new Hono<AccessEnv>()
  const projectOf = (c: Requested): Project => findProject(c.req.param('project') ?? '')
  /** Back to the settings, which show what has changed. */
  const done = async (c: Requested, project: Project) => {
    await projects.refresh()
    return c.redirect(settingsPath(project), 303)
  }

  app.get('/projects/:project/settings', c => showSettings(c))
  app.post('/projects/:project/settings', async c => {
    const project = projectOf(c)
    // A box that is not ticked is not sent.
    const read = readProjectChange({ filters: [], ...(await formOf(c)) })
    if (!read.ok) return showSettings(c, read.message)
    await store.updateProject(project.id, read.change)
    return done(c, project)
  })
  app.post('/projects/:project/settings/keys', async c => {
    const project = projectOf(c)
    const read = readKeyChange(await formOf(c))
    if (!read.ok) return showSettings(c, read.message)
    await store.createKey(project.id, read.change)
    return done(c, project)
  })
  app.post('/projects/:project/settings/keys/:key', async c => {
    const project = projectOf(c)
    const old = project.keys.find(({ key }) => key === c.req.param('key'))
    if (!old)
      throw new HttpError(
        404,
        'unknown_key',
        `There is no key ${quote(c.req.param('key'))}: load the page again.`,
      )
    const { action, ...form } = await formOf(c)
    if (action === 'delete') await store.deleteKey(project.id, old.key)
    else if (action === 'rotate')
      await rotateKey(store, { projectId: project.id, old, endsMs: graceEndMs(now()) })
    else {
      const read = readKeyChange(form)
      if (!read.ok) return showSettings(c, read.message)
      await store.updateKey(project.id, old.key, read.change)
    }
    return done(c, project)
  })
  app.post('/projects', async c => {
    const read = readProjectChange(await formOf(c))
    if (!read.ok || !read.change.name)
      throw new HttpError(400, 'invalid_project', read.ok ? 'A project needs a name.' : read.message)
    return done(c, await store.createProject({ name: read.change.name }))
  })
  return app

  async function showSettings(c: Requested, problem?: string) {
    const project = projectOf(c)
    const view = settingsView({
      project,
      problem,
      usage: await usageOf(project, { store, nowMs: now() }),
      origin: publicUrl ?? new URL(c.req.url).origin,
      nowMs: now(),
      visitor: visitorOf(c),
    })
    return show(c, view, problem === undefined ? 200 : 400)
  }
}

/** Events that came by each key of a project in this hour. */
export async function usageOf(
  project: Project,
  { store, nowMs }: { store: Store; nowMs: number },
): Promise<Map<string, number>> {
  const rows = await store.keyUsage(hourOf(nowMs))
  return new Map(rows.filter(row => row.project === project.id).map(({ key, events }) => [key, events]))
}

/** The fields of a form that are texts; one that came several times as a list. */
async function formOf(c: Requested): Promise<SettingsInput> {
  const form: SettingsInput = {}
  for (const [name, value] of Object.entries(await c.req.parseBody({ all: true })))
    if (typeof value === 'string') form[name] = value
    else if (Array.isArray(value)) form[name] = value.filter(one => typeof one === 'string')
  return form
}
