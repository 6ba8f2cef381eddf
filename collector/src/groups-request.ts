import { pageRequestOf } from './cursor.ts'
import { quote } from './cut.ts'
import type { Buckets, GroupSort, GroupsRequest } from './group-store.ts'
import { HttpError } from './http-error.ts'
import { parseSearch } from './search.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const SORTS: Record<GroupSort, string> = {
  last_seen: 'Last seen',
  first_seen: 'First seen',
  events: 'Events',
  sessions: 'Sessions',
}

/** The time that a trend is shown over, by its name in the query. */
export const SPANS = {
  '24h': { title: '24 hours', sizeMs: HOUR_MS, count: 24 },
  '14d': { title: '14 days', sizeMs: DAY_MS, count: 14 },
  '30d': { title: '30 days', sizeMs: DAY_MS, count: 30 },
} as const
export type Span = keyof typeof SPANS

/** What a query asks of the list of groups by `query`, `sort`, `span`, `cursor` and `limit`; a 400 says what is wrong. */
export function groupsRequestOf(query: Record<string, string>, nowMs: number): GroupsRequest {
  const sort = query.sort || 'last_seen'
  if (!isSort(sort))
    throw new HttpError(
      400,
      'invalid_sort',
      `The sort ${quote(sort)} is none: ask for ${Object.keys(SORTS).join(', ')}.`,
    )
  const parsed = parseSearch(query.query ?? '', nowMs)
  if (!parsed.ok) throw new HttpError(400, 'invalid_query', parsed.message)
  const { search } = parsed
  return { ...pageRequestOf(query), sort, search, trend: bucketsOf(spanOf(query), nowMs) }
}

export function spanOf({ span = '24h' }: Record<string, string>): Span {
  if (Object.hasOwn(SPANS, span)) return span as Span // just tested
  throw new HttpError(
    400,
    'invalid_span',
    `The span ${quote(span)} is none: ask for ${Object.keys(SPANS).join(', ')}.`,
  )
}

/** Whole hours or days (in UTC) up to now, the last of which is not over yet. */
export function bucketsOf(span: Span, nowMs: number): Buckets {
  const { sizeMs, count } = SPANS[span]
  const lastMs = nowMs - (nowMs % sizeMs)
  return { fromMs: lastMs - (count - 1) * sizeMs, sizeMs, count }
}

const isSort = (text: string): text is GroupSort => Object.hasOwn(SORTS, text)
