import type { Project } from './project.ts'

// Where the dashboard's pages are, for the links between them.

type Query = Record<string, string | undefined>

const projectPath = (project: Project): string => `/projects/${encodeURIComponent(project.id)}`

export const groupsPath = (project: Project, query: Query = {}): string =>
  withQuery(`${projectPath(project)}/groups`, query)
export const groupPath = (project: Project, id: string, query: Query = {}): string =>
  withQuery(`${groupsPath(project)}/${id}`, query)
export const groupEventsPath = (project: Project, id: string, query: Query = {}): string =>
  withQuery(`${groupPath(project, id)}/events`, query)
export const vitalsPath = (project: Project, query: Query = {}): string =>
  withQuery(`${projectPath(project)}/vitals`, query)
export const healthPath = (project: Project): string => `${projectPath(project)}/health`
export const settingsPath = (project: Project): string => `${projectPath(project)}/settings`

export const releasesPath = (project: Project): string => `${projectPath(project)}/releases`
export const releasePath = (project: Project, release: string): string =>
  `${releasesPath(project)}/${encodeURIComponent(release)}`
export const artifactsPath = (project: Project, query: Query = {}): string =>
  withQuery(`${projectPath(project)}/artifacts`, query)
export const explainPath = (project: Project, eventId: string): string =>
  `${eventPath(project, eventId)}/explain`

export const keysPath = (project: Project): string => `${settingsPath(project)}/keys`
export const keyPath = (project: Project, key: string): string =>
  `${keysPath(project)}/${encodeURIComponent(key)}`

export const eventPath = (project: Project, eventId: string, query: Query = {}): string =>
  withQuery(`${projectPath(project)}/events/${eventId}`, query)
export const eventMarkdownPath = (project: Project, eventId: string): string =>
  `${eventPath(project, eventId)}.md`
export const rawEventPath = (project: Project, eventId: string): string =>
  `/api/${encodeURIComponent(project.id)}/events/${eventId}`

/** What is undefined is left out. */
function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, value)
  return search.size ? `${path}?${search}` : path
}
