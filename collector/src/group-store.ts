import type { WantedFile } from './artifact-keys.ts'
import type { Sample } from './estimate.ts'
import type { GroupedBy, Grouping } from './group.ts'
import type { GroupStatus } from './group-status.ts'
import type { RawStack } from './raw-stack.ts'
import type { Claim } from './sample-claim.ts'
import type { Search } from './search.ts'

// What the store is asked about groups and their events; a part of the interface in store.ts.

export interface NewEvent {
  eventId: string
  timestampMs: number
  receivedMs: number
  release: string | null
  environment: string | null
  /** What tells sessions apart; null counts as a session of its own. */
  session: string | null
  /** What it stands for. */
  claim: Claim
  /** What its group is searched by and broken down by; see facets.ts. */
  facets: Record<string, string>
  /** The event as JSON, without its frames. */
  payload: string
  stack: RawStack | null
  /** See rawFingerprintOf. */
  fingerprint: string
  /** Where the fingerprint belongs if it is new: what is known already stays where it is. */
  group: Grouping
  /** The files that its source maps are looked for by. */
  files: WantedFile[]
}

/** What the estimates of both counts rest on. */
export interface GroupSamples {
  events: Sample
  sessions: Sample
}

/** `events` and `sessions` are sums of weights: estimates where something was sampled, and then no whole numbers. */
export interface Group {
  id: string
  title: string
  type: string
  value: string
  culprit: string
  status: GroupStatus
  firstSeenMs: number
  lastSeenMs: number
  events: number
  sessions: number
}

/** A count of events over time, from `fromMs` on; sizes and bounds are whole hours. */
export interface Buckets {
  fromMs: number
  sizeMs: number
  count: number
}

export interface FacetValue {
  value: string
  events: number
  firstSeenMs: number
  lastSeenMs: number
}

export interface FacetValues {
  key: string
  /** The most frequent ones, up to a number of the implementation's. */
  values: FacetValue[]
  /** How many values there are, and the events of all of them; `isCut` where more were seen than are told apart. */
  distinct: number
  events: number
  isCut: boolean
}

/** A group as a list shows it. */
export interface ListedGroup extends Group {
  samples: GroupSamples
  trend: number[]
  /** Newest first. */
  releases: string[]
  /** The most frequent first. */
  browsers: string[]
}

export interface GroupChange {
  atMs: number
  /** null: the collector itself. */
  who: string | null
  change: GroupStatus | 'merged' | 'unmerged'
  /** What it was merged with, or the release it came back in. */
  detail: string
}

export interface GroupDetail extends Group {
  samples: GroupSamples
  groupedBy: GroupedBy
  facets: FacetValues[]
  /** The latest first. */
  changes: GroupChange[]
  /** The groups merged into this one. */
  merged: { id: string; title: string }[]
}

export interface EventHead {
  eventId: string
  timestampMs: number
  release: string | null
  environment: string | null
}

export interface StoredEvent {
  groupId: string
  timestampMs: number
  receivedMs: number
  payload: string
  frames: string | null
}

/** The events around one in its group; null where there is none. */
export interface Neighbours {
  first: string | null
  previous: string | null
  next: string | null
  last: string | null
}

/** A place in a list: the number that it is sorted by, largest first, and the id. What comes after is the next page. */
export interface Cursor {
  at: number
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

export type GroupSort = 'last_seen' | 'first_seen' | 'events' | 'sessions'

export interface GroupsRequest extends PageRequest {
  search: Search
  sort: GroupSort
  trend: Buckets
}

/** Who changes groups, and when. */
export interface Change {
  who: string | null
  atMs: number
}

export interface GroupStore {
  groups(project: string, request: GroupsRequest): Promise<Page<ListedGroup>>
  /** How many groups have each status. */
  statusCounts(project: string): Promise<Record<GroupStatus, number>>
  /** The group of that id, or the one it was merged into. */
  group(project: string, id: string): Promise<GroupDetail | null>
  trend(project: string, id: string, buckets: Buckets): Promise<number[]>
  groupEvents(project: string, id: string, page: PageRequest): Promise<Page<EventHead>>
  neighbours(project: string, groupId: string, eventId: string): Promise<Neighbours>
  event(project: string, eventId: string): Promise<StoredEvent | null>

  /** `resolved` lasts until a later release has the error again. Unknown ids are passed over. */
  setStatus(project: string, ids: string[], change: Change & { status: GroupStatus }): Promise<void>
  /** Makes one group of several, the oldest of them, and resolves with its id; null with less than two. */
  mergeGroups(project: string, ids: string[], change: Change): Promise<string | null>
  /** Makes a merged group one of its own again. */
  unmergeGroup(project: string, id: string, change: Change): Promise<void>
}
