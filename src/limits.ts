import { currentSession, type Category } from './session.ts'

/** Whether the server wants none of such items for now; where it wants no errors, what else there is to send waits too. */
export const isLimited = (category: Category = 'error'): boolean =>
  currentSession().limits[category] > Date.now()

/**
 * Takes in what the server says of its limits, whatever the status: of `60:error;default:key, 2700::organization` for
 * each category the longest, and of all with no category
 * (https://develop.sentry.dev/sdk/expected-features/rate-limiting/), or else `Retry-After`. What is no number of seconds
 * (a date, say) is a minute; and so is 429 with nothing more.
 */
export function readLimits(response: Response): void {
  const text =
    response.headers.get('X-Sentry-Rate-Limits') ||
    response.headers.get('Retry-After') ||
    response.status == 429
  const limits: Record<string, number> = currentSession().limits
  if (text)
    for (const limit of `${text}`.split(','))
      for (const category in limits)
        // None of Sentry's categories has another's name in its own.
        if ((limit.split(':')[1] || category).includes(category))
          limits[category] = Math.max(limits[category]!, Date.now() + (parseInt(limit) || 60) * 1e3)
}
