import { quote } from './cut.ts'
import { HttpError } from './http-error.ts'
import type { Cursor, PageRequest } from './group-store.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 100

/** A place in a list as a client hands it back; opaque to it. */
export const encodeCursor = (cursor: Cursor): string =>
  Buffer.from(`${cursor.at}:${cursor.id}`).toString('base64url')

/** The page a query asks for by `cursor` and `limit`. */
export function pageRequestOf(query: Record<string, string>): PageRequest {
  const limit = query.limit ? Number(query.limit) : DEFAULT_LIMIT
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw new HttpError(
      400,
      'invalid_limit',
      `The limit ${quote(query.limit)} is none: ask for 1 to ${MAX_LIMIT}.`,
    )
  if (!query.cursor) return { after: null, limit }
  const [, at, id] =
    /^(\d{1,15}):([0-9a-f]{1,32})$/.exec(Buffer.from(query.cursor, 'base64url').toString()) ?? []
  if (!at || !id)
    throw new HttpError(
      400,
      'invalid_cursor',
      `The cursor ${quote(query.cursor)} is none of ours: use the "next" of a page before.`,
    )
  return { after: { at: Number(at), id }, limit }
}
