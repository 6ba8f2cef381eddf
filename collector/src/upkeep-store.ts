// What the store is asked to throw away; a part of the interface in store.ts. Counts stay in all cases: what was
// counted of an event says nothing about a person.

export interface PruneRequest {
  nowMs: number
  /** By project: how long its events, sessions and vitals are kept. */
  keepMs: Map<string, number>
  /** Above it, old events are thinned out until a tenth of it is free. */
  maxBytes: number
}

export interface Pruned {
  /** How many events were too old. */
  expired: number
  /** How many were thinned out to make room. */
  thinned: number
  usedBytes: number
}

/** Whose data is to go. */
export interface Person {
  project: string
  /** A user's id, email address or name, or the id of a session. */
  id: string
}

export interface UpkeepStore {
  /**
   * Throws away what is too old, then, where that is not enough, a part of the older events: all of the latest stay,
   * and of the rest a share that is the smaller the older they are, but the latest of each error. Writes go on.
   */
  prune(request: PruneRequest): Promise<Pruned>
  /** Deletes what is stored of a person, and of the sessions it was in; resolves with the number of events. */
  forget(person: Person): Promise<number>
  /** What the rows take up, without what is free for new ones. */
  usedBytes(): Promise<number>
}
