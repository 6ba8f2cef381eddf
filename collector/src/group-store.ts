import type { GroupedBy } from './group.ts'

// What the store is asked about groups and their events; a part of the interface in store.ts.

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

export interface GroupStore {
  groups(project: string, page: PageRequest): Promise<Page<Group>>
  group(project: string, id: string): Promise<GroupDetail | null>
  groupEvents(project: string, id: string, page: PageRequest): Promise<Page<EventHead>>
  event(project: string, eventId: string): Promise<StoredEvent | null>
}
