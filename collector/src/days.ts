import { quote } from './cut.ts'
import { HttpError } from './http-error.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 7
const MAX_DAYS = 90

/** The time a query asks for by `days`: so many whole days (in UTC) and today. */
export function daysOf(
  { days: text }: Record<string, string>,
  nowMs: number,
): { days: number; sinceMs: number } {
  const days = text ? Number(text) : DEFAULT_DAYS
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS)
    throw new HttpError(400, 'invalid_days', `The days ${quote(text)} are none: ask for 1 to ${MAX_DAYS}.`)
  return { days, sinceMs: nowMs - (nowMs % DAY_MS) - days * DAY_MS }
}
