import type { Grouping } from './group.ts'
import type { Page, PageRequest } from './group-store.ts'

// What the store is asked about source maps; a part of the interface in store.ts. An artifact is a generated file with
// its map. It is found by keys (see artifact-keys.ts), within its project only.

export interface Artifact {
  id: string
  /** Of map and code: what they are packed under. */
  content: string
  /** What the file is called, for people. */
  name: string
  debugId: string | null
  release: string | null
  dist: string | null
  url: string | null
  /** The git commit and the bundler, where the uploader has said so. */
  commit: string | null
  bundler: string | null
  /** SHA-256 of the map. */
  mapHash: string
  mapBytes: number
  createdMs: number
  /** When frames were last resolved with it. */
  usedMs: number
  /** Why it cannot be read; null where it can. */
  refused: string | null
}

/** In gzip. */
export interface ArtifactFiles {
  map: Uint8Array
  code: Uint8Array | null
}

/** What events have frames in and there is no artifact of. */
export interface MissingArtifact {
  key: string
  /** A file it was asked for. */
  file: string
  /** How many different stacks. */
  stacks: number
  lastSeenMs: number
}

/** One event to stand for all of its raw fingerprint. */
export interface UnsettledFingerprint {
  project: string
  fingerprint: string
  /** What its artifacts are looked for by. */
  keys: string[]
  /** null where no event is left of it. */
  event: { payload: string; frames: string | null } | null
}

export interface Settlement {
  project: string
  fingerprint: string
  /** Where it belongs by what is known now; null for one without an event, which wants nothing any more. */
  group: Grouping | null
  /** By key: the artifacts it was looked at with. */
  seen: Record<string, string>
  atMs: number
}

export interface ArtifactStore {
  /** It is what its keys lead to from now on. */
  addArtifact(project: string, artifact: Artifact, files: ArtifactFiles | null, keys: string[]): Promise<void>
  /** The artifact of each key that has one. */
  findArtifacts(project: string, keys: string[]): Promise<Record<string, Artifact>>
  artifactFiles(project: string, content: string): Promise<ArtifactFiles | null>
  markArtifactsUsed(project: string, ids: string[], atMs: number): Promise<void>
  /** False when there is none. */
  removeArtifact(project: string, id: string): Promise<boolean>
  /** The newest first. */
  artifacts(project: string, page: PageRequest): Promise<Page<Artifact>>
  /** The most asked for first, up to a number of the implementation's. */
  missingArtifacts(project: string): Promise<MissingArtifact[]>

  /** Some raw fingerprints whose artifacts came, or changed, since they were last looked at. */
  unsettledFingerprints(): Promise<UnsettledFingerprint[]>
  /**
   * Moves a raw fingerprint to the group that its resolved frames lead to, unless people have merged it with another.
   * A group that is empty then is gone, and its address leads to the new one.
   */
  settleFingerprint(settlement: Settlement): Promise<void>
}
