import type { KeyChange, Project, ProjectChange, ProjectKey } from './project.ts'

// What the store is asked about projects; a part of the interface in store.ts.

export interface NewProject {
  /** A number of its own where it is left out. */
  id?: string
  name: string
  /** The public key of its first DSN; a random one where it is left out. */
  key?: string
}

/** How many events came by a key. */
export interface KeyUsage {
  project: string
  key: string
  events: number
}

export interface ProjectStore {
  /** In the order in which they were made. */
  projects(): Promise<Project[]>
  /** Rejects when there is one of that id. */
  createProject(project: NewProject): Promise<Project>
  /** False when there is no such project. */
  updateProject(id: string, change: ProjectChange): Promise<boolean>
  createKey(projectId: string, change?: KeyChange): Promise<ProjectKey>
  /** False when there is no such key. */
  updateKey(projectId: string, key: string, change: KeyChange): Promise<boolean>
  deleteKey(projectId: string, key: string): Promise<boolean>
  /** By key, in the hour of that number since the epoch. */
  keyUsage(hour: number): Promise<KeyUsage[]>
}
