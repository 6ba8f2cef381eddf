import type { Group } from './group-store.ts'
import type { Artifact } from './artifact-store.ts'

// What the store is asked about releases; a part of the interface in store.ts.

export interface Release {
  release: string
  firstReceivedMs: number
  lastSeenMs: number
  events: number
  artifacts: number
}

export interface ReleaseDetail extends Release {
  /** Groups that no release had before it, and those that came back in it, up to a number of the implementation's. */
  newGroups: Group[]
  regressedGroups: Group[]
  /** Its artifacts, the newest first, up to a number of the implementation's. */
  files: Artifact[]
}

export interface ReleaseStore {
  /** The newest first, up to a number of the implementation's. */
  releases(project: string): Promise<Release[]>
  release(project: string, release: string): Promise<ReleaseDetail | null>
}
