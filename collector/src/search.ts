import { quote } from './cut.ts'
import { FACETS, TAG_PREFIX } from './facets.ts'
import type { GroupStatus } from './group-status.ts'

// The search language of the group list: words, and `key:value`; `-` before either turns it around.

const MAX_LENGTH = 400
const MAX_TERMS = 20

export type Comparison = '<' | '<=' | '>' | '>=' | '='

export type SearchTerm = { isNegated: boolean } & (
  | { kind: 'text'; text: string }
  | { kind: 'status'; statuses: GroupStatus[] }
  /** `*` in the text stands for any characters. */
  | { kind: 'field'; field: 'type' | 'value' | 'culprit'; text: string }
  | { kind: 'facet'; key: string; text: string }
  | {
      kind: 'number'
      field: 'events' | 'sessions' | 'firstSeenMs' | 'lastSeenMs'
      is: Comparison
      to: number
    }
)

export type Search = SearchTerm[]

export type ParsedSearch = { ok: true; search: Search } | { ok: false; message: string }

const STATUSES: Record<string, GroupStatus[]> = {
  open: ['unresolved', 'regressed'],
  unresolved: ['unresolved', 'regressed'],
  resolved: ['resolved'],
  muted: ['muted'],
  regressed: ['regressed'],
}
const COUNTS: Record<string, 'events' | 'sessions'> = { events: 'events', sessions: 'sessions' }
const TIMES: Record<string, 'firstSeenMs' | 'lastSeenMs'> = {
  first_seen: 'firstSeenMs',
  last_seen: 'lastSeenMs',
}
const UNITS_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const TURNED: Record<Comparison, Comparison> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' }

/** Reads what people typed; a term that cannot be meant is named with what to write instead. */
export function parseSearch(text: string, nowMs: number): ParsedSearch {
  if (text.length > MAX_LENGTH)
    return refuse(`The search has more than ${MAX_LENGTH} characters: shorten it.`)
  const search: Search = []
  for (const [, minus, key = '', quoted, bare = ''] of text.matchAll(
    /(-?)(?:([a-z_][\w.-]*):)?(?:"([^"]*)"|([^\s"]+))/gi,
  )) {
    const term = termOf(key, quoted ?? bare, nowMs)
    if (typeof term === 'string') return refuse(term)
    search.push({ ...term, isNegated: minus === '-' } as SearchTerm) // spread of a union is no union
  }
  if (search.length > MAX_TERMS) return refuse(`The search has more than ${MAX_TERMS} terms: use fewer.`)
  return { ok: true, search }
}

type Term = SearchTerm extends infer T ? (T extends SearchTerm ? Omit<T, 'isNegated'> : never) : never

/** A term, or what is wrong with it. */
function termOf(key: string, text: string, nowMs: number): Term | string {
  // An address is no key and value.
  if (!key || text.startsWith('//')) return { kind: 'text', text: key ? `${key}:${text}` : text }
  if (key === 'is') {
    const statuses = Object.hasOwn(STATUSES, text) ? STATUSES[text] : undefined
    return statuses
      ? { kind: 'status', statuses }
      : `is:${quote(text)} is none: write is:open, is:resolved, is:muted or is:regressed.`
  }
  if (key === 'type' || key === 'value' || key === 'culprit') return { kind: 'field', field: key, text }
  const count = Object.hasOwn(COUNTS, key) ? COUNTS[key] : undefined
  if (count) {
    const [, is = '=', digits] = /^([<>]=?|=)?(\d{1,15})$/.exec(text) ?? []
    if (!digits) return `${key}:${quote(text)} is no number: write ${key}:>100.`
    return { kind: 'number', field: count, is: is as Comparison, to: Number(digits) }
  }
  const time = Object.hasOwn(TIMES, key) ? TIMES[key] : undefined
  if (time) {
    const [, is, amount, unit = ''] = /^([<>]=?)?(\d{1,5})([mhdw])$/.exec(text) ?? []
    if (!amount) return `${key}:${quote(text)} is no time: write ${key}:<24h for less than 24 hours ago.`
    // Less long ago is later.
    const later = TURNED[(is ?? '<') as Comparison]
    return { kind: 'number', field: time, is: later, to: nowMs - Number(amount) * (UNITS_MS[unit] ?? 0) }
  }
  const isFacet = (FACETS as readonly string[]).includes(key)
  // Nobody types a browser's version: `browser:firefox` is all of them.
  const isOpenEnded = key === 'browser' || key === 'os'
  return { kind: 'facet', key: isFacet ? key : TAG_PREFIX + key, text: isOpenEnded ? `${text}*` : text }
}

const refuse = (message: string): ParsedSearch => ({ ok: false, message })
