import type { Sample } from './estimate.ts'
import type { AccessStore } from './access-store.ts'
import type { ArtifactStore } from './artifact-store.ts'
import type { GroupStore, NewEvent } from './group-store.ts'
import type { ProjectStore } from './project-store.ts'
import type { ReleaseStore } from './release-store.ts'
import type { Claim } from './sample-claim.ts'
import type { UpkeepStore } from './upkeep-store.ts'
import type { VitalName } from './vitals.ts'

// All state of the collector is behind this interface; sqlite/store.ts is its first implementation.
// Times are milliseconds since the epoch in here, seconds on the wire.

export type OutcomeKind = 'accepted' | 'stored' | 'filtered' | 'rate_limited' | 'shed' | 'client' | 'invalid'

/** How many reports met a fate; `reason` is `''` for the kinds that have none. */
export interface Outcome {
  kind: OutcomeKind
  reason: string
  quantity: number
}

/** One measurement of one page. */
export interface NewVital {
  /** The same for the same measurement, however often it is delivered and however far it has gone on. */
  id: string
  timestampMs: number
  name: VitalName
  page: string
  /** Milliseconds, or a plain number for CLS. */
  value: number
  /** How many measurements it stands for, at least 1. */
  weight: number
  attributes: Record<string, string | number | boolean>
}

/** From the best to the worst. */
export const SESSION_STATUSES = ['ok', 'exited', 'errored', 'abnormal', 'crashed'] as const
export type SessionStatus = (typeof SESSION_STATUSES)[number]

/** How a session fares as of `updatedMs`. Of several the worst status stays, and the latest of the rest. */
export interface SessionUpdate {
  id: string
  startedMs: number
  updatedMs: number
  release: string | null
  environment: string | null
  status: SessionStatus
  errors: number
  /** What it was kept under, 0 < rate ≤ 1; it stands for 1/rate sessions. */
  rate: number
}

/** Sessions that a server has added up itself, none of them sampled. */
export interface NewSessionCount {
  /** The same for the same delivery. */
  id: string
  startedMs: number
  release: string | null
  environment: string | null
  status: SessionStatus
  quantity: number
}

/** Occurrences that storm control has held back in a session, in the end told without events. */
export interface NewHeldBack {
  /** The same for the same delivery. */
  id: string
  session: string
  receivedMs: number
  /** By the client's fingerprint; null where it had no room to tell them apart. */
  rows: Claim[]
}

/** What one request leaves behind. */
export interface Write {
  project: string
  /** Of the DSN it came by: its events count towards the quota of that key. */
  key?: string
  events: NewEvent[]
  vitals?: NewVital[]
  sessions?: SessionUpdate[]
  sessionCounts?: NewSessionCount[]
  heldBack?: NewHeldBack[]
  outcomes: Outcome[]
}

/** `full`: the queue is; `failed`: the rows could not be made durable, and are not there. */
export type Written = { ok: true } | { ok: false; reason: 'full' | 'failed' }

/** One vital of one page over a time. */
export interface VitalSummary {
  page: string
  name: VitalName
  /** The smallest value at which the weights, added up from the smallest value on, reach 75 % of their sum. */
  p75: number
  samples: number
  /** The sum of the samples' weights. */
  weight: number
}

/** The latest measurements, up to a number that the implementation can read in a second. */
export interface VitalSummaries {
  /** By page, the heaviest first. */
  rows: VitalSummary[]
  /** What the rows go back to: later than asked for, where there is more than that. */
  sinceMs: number
}

/** The sessions of one status that started on one day. */
export interface SessionCount {
  /** In UTC, `2026-11-03`. */
  day: string
  status: SessionStatus
  sample: Sample
}

export interface SessionCounts {
  /** The releases with the most kept sessions, up to a number of the implementation's. */
  releases: { release: string | null; counts: SessionCount[] }[]
  /** Of all releases. */
  all: SessionCount[]
}

/** How the store fares. */
export interface Condition {
  databaseBytes: number
  /** What is left on its disk. */
  freeBytes: number
  /** Accepted, and not durable yet. */
  queuedBytes: number
  /** What the last transaction took. */
  commitMs: number
}

export interface Store
  extends GroupStore, ProjectStore, AccessStore, ArtifactStore, ReleaseStore, UpkeepStore {
  /**
   * Resolves once every row of the write is durable, or is certain not to be stored. An event that is there already
   * is left as it is, of a vital the latest value stays, session updates are merged: in whatever order they come.
   */
  write(write: Write): Promise<Written>
  /** Counts without a promise to the client: with the next transaction. */
  count(project: string, outcomes: Outcome[]): void
  vitals(project: string, sinceMs: number): Promise<VitalSummaries>
  sessions(project: string, sinceMs: number): Promise<SessionCounts>
  outcomes(project: string): Promise<Outcome[]>
  condition(): Promise<Condition>
  /** Whether writes and reads get through at present. */
  isHealthy(): Promise<boolean>
  /** Finishes what is queued. */
  close(): Promise<void>
}
