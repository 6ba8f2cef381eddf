import type { GroupedBy } from './group.ts'

// All state of the collector is behind this interface; sqlite.ts is its first implementation.
// Times are milliseconds since the epoch in here, seconds on the wire.

export type OutcomeKind = 'accepted' | 'stored' | 'filtered' | 'rate_limited' | 'shed' | 'client' | 'invalid'

/** How many reports met a fate; `reason` is `''` for the kinds that have none. */
export interface Outcome {
  kind: OutcomeKind
  reason: string
  quantity: number
}

export interface NewEvent {
  eventId: string
  timestampMs: number
  receivedMs: number
  release: string | null
  environment: string | null
  /** What tells sessions apart; null counts as a session of its own. */
  session: string | null
  tags: Record<string, string>
  /** The event as JSON. */
  payload: string
  group: { id: string; title: string; type: string; value: string; culprit: string; groupedBy: GroupedBy }
}

/** What one request leaves behind. */
export interface Write {
  project: string
  events: NewEvent[]
  outcomes: Outcome[]
}

/** `full`: the queue is; `failed`: the rows could not be made durable, and are not there. */
export type Written = { ok: true } | { ok: false; reason: 'full' | 'failed' }

export interface Group {
  id: string
  title: string
  type: string
  value: string
  culprit: string
  status: 'unresolved'
  firstSeenMs: number
  lastSeenMs: number
  events: number
  sessions: number
}

export interface GroupDetail extends Group {
  groupedBy: GroupedBy
  releases: { release: string; events: number; firstSeenMs: number; lastSeenMs: number }[]
  /** Of the latest events; see `TAGGED_EVENTS` of the implementation. */
  tags: { key: string; values: { value: string; events: number }[] }[]
}

export interface EventHead {
  eventId: string
  timestampMs: number
  release: string | null
  environment: string | null
}

export interface StoredEvent {
  groupId: string
  receivedMs: number
  payload: string
}

/** A place in a list ordered by time, newest first: what comes after it is the next page. */
export interface Cursor {
  ms: number
  id: string
}

export interface Page<Row> {
  rows: Row[]
  next: Cursor | null
}

export interface PageRequest {
  after: Cursor | null
  limit: number
}

export interface Store {
  /** Resolves once every row of the write is durable, or is certain not to be stored. An event that is there already is left as it is. */
  write(write: Write): Promise<Written>
  /** Counts without a promise to the client: with the next transaction. */
  count(project: string, outcomes: Outcome[]): void
  groups(project: string, page: PageRequest): Promise<Page<Group>>
  group(project: string, id: string): Promise<GroupDetail | null>
  groupEvents(project: string, id: string, page: PageRequest): Promise<Page<EventHead>>
  event(project: string, eventId: string): Promise<StoredEvent | null>
  outcomes(project: string): Promise<Outcome[]>
  /** Whether writes and reads get through at present. */
  isHealthy(): Promise<boolean>
  /** Finishes what is queued. */
  close(): Promise<void>
}
