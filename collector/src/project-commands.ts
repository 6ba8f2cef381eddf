import {
  type Command,
  type CommandContext,
  type CommandInput,
  UsageError,
  withStore,
} from './command-line.ts'
import { DEFAULT_GRACE_DAYS, graceEndMs, rotateKey } from './key-rotation.ts'
import type { Project, ProjectKey } from './project.ts'
import { readKeyChange, readProjectChange, type ReadSettings, type SettingsInput } from './settings-input.ts'
import type { Store } from './store.ts'

const text = { type: 'string' } as const
const PROJECT_OPTIONS = {
  name: text,
  'retention-days': text,
  'events-per-client-per-hour': text,
  'scrub-keys': text,
  filters: text,
  'kept-per-error': text,
  'kept-in-all': text,
}
const KEY_OPTIONS = { label: text, origins: text, 'events-per-hour': text }

/** `project …` and `key …`. */
export const PROJECT_COMMANDS: Command[] = [
  {
    usage: 'project list',
    does: 'shows the projects and their settings',
    run: (_, context) =>
      withStore(context, async store => {
        for (const project of await store.projects()) context.print(lineOfProject(project))
      }),
  },
  {
    usage: 'project create NAME',
    does: 'makes a project with a first key',
    options: { id: text },
    run: ({ args: [name = ''], options }, context) =>
      withStore(context, async store => {
        if (options.id !== undefined && !/^[a-z0-9-]{1,40}$/.test(options.id))
          throw new UsageError(`The id ${JSON.stringify(options.id)} is none: use a to z, 0 to 9 and dashes.`)
        const { name: checked = '' } = changeOf(readProjectChange({ name }))
        const project = await store.createProject({ name: checked, ...options })
        context.print(lineOfProject(project))
        for (const key of project.keys) context.print(lineOfKey(key))
      }),
  },
  {
    usage: 'project set ID',
    does: 'changes a project; a limit is taken away by none, a list by an empty text',
    options: PROJECT_OPTIONS,
    run: ({ args: [id = ''], options }, context) =>
      withStore(context, async store => {
        const change = changeOf(readProjectChange(camelCased(options)))
        if (!(await store.updateProject(id, change))) throw new UsageError(`There is no project ${id}.`)
        context.print(lineOfProject(await findProject(store, id)))
      }),
  },
  {
    usage: 'key list PROJECT',
    does: 'shows the keys of a project',
    run: ({ args: [id = ''] }, context) =>
      withStore(context, async store => {
        for (const key of (await findProject(store, id)).keys) context.print(lineOfKey(key))
      }),
  },
  {
    usage: 'key create PROJECT',
    does: 'makes a key; origins are those of the pages that may use it',
    options: KEY_OPTIONS,
    run: ({ args: [id = ''], options }, context) =>
      withStore(context, async store => {
        const change = changeOf(readKeyChange(camelCased(options)))
        context.print(lineOfKey(await store.createKey((await findProject(store, id)).id, change)))
      }),
  },
  {
    usage: 'key set PROJECT KEY',
    does: 'changes a key, switches it on and off',
    options: { ...KEY_OPTIONS, enabled: text },
    run: ({ args: [id = '', key = ''], options: { enabled, ...options } }, context) =>
      withStore(context, async store => {
        const change = changeOf(readKeyChange({ ...camelCased(options), isEnabled: enabled }))
        await findKey(store, id, key)
        await store.updateKey(id, key, change)
        context.print(lineOfKey(await findKey(store, id, key)))
      }),
  },
  {
    usage: 'key rotate PROJECT KEY',
    does: `makes a key like it; the old one works for ${DEFAULT_GRACE_DAYS} days more`,
    options: { 'grace-days': text },
    run: runRotation,
  },
  {
    usage: 'key delete PROJECT KEY',
    does: 'refuses what comes by that key from now on',
    run: ({ args: [id = '', key = ''] }, context) =>
      withStore(context, async store => {
        await findKey(store, id, key)
        await store.deleteKey(id, key)
      }),
  },
]

async function runRotation(
  { args: [id = '', text = ''], options }: CommandInput,
  context: CommandContext,
): Promise<void> {
  const graceDays = Number(options['grace-days'] ?? DEFAULT_GRACE_DAYS)
  if (!(graceDays >= 0)) throw new UsageError('The grace days are a number: 0 to switch the old key off now.')
  await withStore(context, async store => {
    const old = await findKey(store, id, text)
    const endsMs = graceEndMs(Date.now(), graceDays)
    context.print(lineOfKey(await rotateKey(store, { projectId: id, old, endsMs })))
    context.print(lineOfKey(await findKey(store, id, old.key)))
  })
}

async function findProject(store: Store, id: string): Promise<Project> {
  const project = (await store.projects()).find(candidate => candidate.id === id)
  if (project) return project
  throw new UsageError(`There is no project ${JSON.stringify(id)}: see ohnoes-collector project list.`)
}

async function findKey(store: Store, id: string, text: string): Promise<ProjectKey> {
  const key = (await findProject(store, id)).keys.find(candidate => candidate.key === text)
  if (key) return key
  throw new UsageError(
    `Project ${id} has no key ${JSON.stringify(text)}: see ohnoes-collector key list ${id}.`,
  )
}

function changeOf<Change>(read: ReadSettings<Change>): Change {
  if (read.ok) return read.change
  throw new UsageError(read.message)
}

const camelCased = (options: Record<string, string | undefined>): SettingsInput =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )

const lineOfProject = ({ id, name, settings }: Project): string =>
  [
    id,
    name,
    `retention ${settings.retentionDays} days`,
    `${settings.eventsPerClientPerHour ?? 'any number of'} events per client and hour`,
    `scrub keys ${listed(settings.scrubKeys)}`,
    `filters ${listed(settings.filters)}`,
    `keeps ${settings.keptPerError} events a second of one error, ${settings.keptInAll} in all`,
  ].join(' · ')

const lineOfKey = ({ key, label, isEnabled, origins, eventsPerHour, expiresMs }: ProjectKey): string =>
  [
    key,
    ...(label ? [label] : []),
    isEnabled ? 'on' : 'off',
    `origins ${origins.length ? listed(origins) : 'any'}`,
    `${eventsPerHour ?? 'any number of'} events per hour`,
    ...(expiresMs === null ? [] : [`until ${new Date(expiresMs).toISOString()}`]),
  ].join(' · ')

const listed = (items: string[]): string => items.join(', ') || 'none'
