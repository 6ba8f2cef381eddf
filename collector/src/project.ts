export interface Project {
  /** As in the DSN's path. */
  id: string
  name: string
  createdMs: number
  /** Oldest first. */
  keys: ProjectKey[]
  settings: ProjectSettings
}

export interface ProjectKey {
  /** The public part of a DSN; it lets a page report, and nothing else. */
  key: string
  /** What it is for, in people's words. */
  label: string
  isEnabled: boolean
  /** Pages that may report by it: `https://shop.example`, `https://*.shop.example`; empty for all. */
  origins: string[]
  /** null for as many as come. */
  eventsPerHour: number | null
  createdMs: number
  /** From then on it is refused, as a key is that was rotated; null for never. */
  expiresMs: number | null
}

export const INBOUND_FILTERS = ['extensions', 'crawlers', 'legacy-browsers', 'localhost'] as const
export type InboundFilter = (typeof INBOUND_FILTERS)[number]

export interface ProjectSettings {
  /** How long events are kept; what was counted of them stays. */
  retentionDays: number
  /** How many events one session may send; ten times as many come from one address. null for as many as come. */
  eventsPerClientPerHour: number | null
  /** Words that make a key a secret, besides those that always do. */
  scrubKeys: string[]
  /** What is thrown away on arrival. */
  filters: InboundFilter[]
  /** How many events of one error are kept in a second, and of all errors where each is a new one; the rest is sampled. */
  keptPerError: number
  keptInAll: number
}

export const DEFAULT_SETTINGS: ProjectSettings = {
  retentionDays: 90,
  eventsPerClientPerHour: 1000,
  scrubKeys: [],
  filters: [],
  keptPerError: 10,
  keptInAll: 200,
}

/** What may be changed of a project; what is left out stays. */
export interface ProjectChange {
  name?: string
  settings?: Partial<ProjectSettings>
}

export type KeyChange = Partial<
  Pick<ProjectKey, 'label' | 'isEnabled' | 'origins' | 'eventsPerHour' | 'expiresMs'>
>

/** Whether a key is taken at that time. */
export const isUsable = ({ isEnabled, expiresMs }: ProjectKey, nowMs: number): boolean =>
  isEnabled && (expiresMs === null || nowMs < expiresMs)

/** The DSN under which a page reports to this collector, by the newest key that is not about to end. */
export function dsnOf({ id, keys }: Project, origin: string): string {
  const url = new URL(origin)
  const { key } = keys.findLast(({ isEnabled, expiresMs }) => isEnabled && expiresMs === null) ??
    keys.at(-1) ?? { key: 'no-key' }
  return `${url.protocol}//${key}@${url.host}/${id}`
}
