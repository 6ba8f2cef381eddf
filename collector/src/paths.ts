import type { Project } from './project.ts'

// Where the dashboard's pages are, for the links between them.

export const groupsPath = (project: Project): string => `/projects/${encodeURIComponent(project.id)}/groups`

export const vitalsPath = (project: Project): string => `/projects/${encodeURIComponent(project.id)}/vitals`

export const groupPath = (project: Project, id: string): string => `${groupsPath(project)}/${id}`

export const eventPath = (project: Project, eventId: string): string =>
  `/projects/${encodeURIComponent(project.id)}/events/${eventId}`

export const rawEventPath = (project: Project, eventId: string): string =>
  `/api/${encodeURIComponent(project.id)}/events/${eventId}`
