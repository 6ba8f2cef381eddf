import { randomBytes } from 'node:crypto'
import { hourOf } from '../limits.ts'
import {
  DEFAULT_SETTINGS,
  type KeyChange,
  type Project,
  type ProjectChange,
  type ProjectKey,
  type ProjectSettings,
} from '../project.ts'
import type { KeyUsage, NewProject } from '../project-store.ts'
import type { Connection } from './schema.ts'

type KeyRow = Omit<ProjectKey, 'isEnabled' | 'origins'> & {
  project: string
  isEnabled: number
  origins: string
}
type ProjectRow = Omit<Project, 'keys' | 'settings'> & { settings: string }

const KEY_COLUMNS = `project, key, label, is_enabled AS isEnabled, origins, events_per_hour AS eventsPerHour,
  created_ms AS createdMs, expires_ms AS expiresMs`

const newKey = (): string => randomBytes(16).toString('hex')

export function projectReads(db: Connection) {
  const selectProjects = db.prepare(
    'SELECT id, name, created_ms AS createdMs, settings FROM projects ORDER BY created_ms, id',
  )
  const selectKeys = db.prepare(`SELECT ${KEY_COLUMNS} FROM project_keys ORDER BY created_ms, key`)
  const selectUsage = db.prepare('SELECT project, key, events FROM key_hours WHERE hour = ?')
  return {
    projects(): Project[] {
      const keys = (selectKeys.all() as KeyRow[]).map(row => ({ project: row.project, key: toKey(row) }))
      return (selectProjects.all() as ProjectRow[]).map(({ settings, ...project }) => ({
        ...project,
        keys: keys.filter(entry => entry.project === project.id).map(({ key }) => key),
        settings: { ...DEFAULT_SETTINGS, ...(JSON.parse(settings) as Partial<ProjectSettings>) },
      }))
    },
    keyUsage: (hour: number) => selectUsage.all(hour) as KeyUsage[],
  }
}

/** The calls that change projects and keys, each a transaction. */
export function projectWrites(db: Connection) {
  const { projects } = projectReads(db)
  const insertProject = db.prepare(
    "INSERT INTO projects (id, name, created_ms, settings) VALUES (@id, @name, @createdMs, '{}')",
  )
  const selectLastId = db
    .prepare("SELECT coalesce(max(CAST(id AS INTEGER)), 0) FROM projects WHERE id NOT GLOB '*[^0-9]*'")
    .pluck()
  const updateProject = db.prepare('UPDATE projects SET name = @name, settings = @settings WHERE id = @id')
  const upsertKey = db.prepare(
    `INSERT INTO project_keys (project, key, label, is_enabled, origins, events_per_hour, created_ms, expires_ms)
     VALUES (@project, @key, @label, @isEnabled, @origins, @eventsPerHour, @createdMs, @expiresMs)
     ON CONFLICT (project, key) DO UPDATE SET label = excluded.label, is_enabled = excluded.is_enabled,
       origins = excluded.origins, events_per_hour = excluded.events_per_hour, expires_ms = excluded.expires_ms`,
  )
  const deleteKey = db.prepare('DELETE FROM project_keys WHERE project = ? AND key = ?')

  const findProject = (id: string): Project | undefined => projects().find(project => project.id === id)
  const saveKey = (project: string, key: ProjectKey): ProjectKey => {
    const { isEnabled, origins, ...columns } = key
    upsertKey.run({
      ...columns,
      project,
      isEnabled: isEnabled ? 1 : 0,
      origins: JSON.stringify(origins),
    })
    return key
  }
  const addKey = (project: string, change: KeyChange = {}, key = newKey()): ProjectKey =>
    saveKey(project, {
      label: '',
      isEnabled: true,
      origins: [],
      eventsPerHour: null,
      createdMs: Date.now(),
      expiresMs: null,
      ...change,
      key,
    })

  return {
    createProject: db.transaction(({ id, name, key }: NewProject): Project => {
      const newId = id ?? String(Number(selectLastId.get()) + 1)
      if (findProject(newId)) throw new Error(`There is a project ${newId} already: choose another id.`)
      const createdMs = Date.now()
      insertProject.run({ id: newId, name, createdMs })
      const first = addKey(newId, { label: 'First key' }, key)
      return { id: newId, name, createdMs, keys: [first], settings: DEFAULT_SETTINGS }
    }).immediate,
    updateProject: db.transaction((id: string, { name, settings }: ProjectChange): boolean => {
      const project = findProject(id)
      if (!project) return false
      updateProject.run({
        id,
        name: name ?? project.name,
        settings: JSON.stringify({ ...project.settings, ...settings }),
      })
      return true
    }).immediate,
    createKey: db.transaction((projectId: string, change?: KeyChange): ProjectKey => {
      if (!findProject(projectId)) throw new Error(`There is no project ${projectId}.`)
      return addKey(projectId, change)
    }).immediate,
    updateKey: db.transaction((projectId: string, key: string, change: KeyChange): boolean => {
      const known = findProject(projectId)?.keys.find(candidate => candidate.key === key)
      if (known) saveKey(projectId, { ...known, ...change })
      return known !== undefined
    }).immediate,
    deleteKey: (projectId: string, key: string): boolean => deleteKey.run(projectId, key).changes > 0,
  }
}

/** Starts a batch of one transaction, which adds up what came by each key and writes it at its end. */
export function usageWrites(db: Connection) {
  const add = db.prepare(
    `INSERT INTO key_hours (hour, project, key, events) VALUES (@hour, @project, @key, @events)
     ON CONFLICT (hour, project, key) DO UPDATE SET events = events + excluded.events`,
  )
  return () => {
    const counts = new Map<string, KeyUsage & { hour: number }>()
    return {
      add(project: string, key: string, receivedMs: number): void {
        const hour = hourOf(receivedMs)
        const id = `${hour} ${project} ${key}`
        const known = counts.get(id) ?? { hour, project, key, events: 0 }
        counts.set(id, { ...known, events: known.events + 1 })
      },
      settle(): void {
        for (const usage of counts.values()) add.run(usage)
      },
    }
  }
}

const toKey = ({ project: _, isEnabled, origins, ...key }: KeyRow): ProjectKey => ({
  ...key,
  isEnabled: isEnabled === 1,
  origins: JSON.parse(origins) as string[],
})
