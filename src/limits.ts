import { currentSession } from './session.ts'

/** Whether the server wants no events for now; what else there is to send waits too. */
export const isLimited = (): boolean => currentSession().limitMs > Date.now()

/**
 * Takes in what the server says of its limits for events, whatever the status: of `60:error;default:key,
 * 2700::organization` the longest that is for errors or, with no category, for all
 * (https://develop.sentry.dev/sdk/expected-features/rate-limiting/), or else `Retry-After`. What is no number of seconds
 * (a date, say) is a minute, as in Sentry's SDKs; and so is 429 with nothing more.
 */
export function readLimits(response: Response): void {
  const text =
    response.headers.get('X-Sentry-Rate-Limits') ||
    response.headers.get('Retry-After') ||
    response.status == 429
  if (!text) return
  for (const limit of `${text}`.split(',')) {
    if (/^[^:]*(::|$)|error/.test(limit))
      currentSession().limitMs = Math.max(
        currentSession().limitMs,
        Date.now() + (parseInt(limit) || 60) * 1e3,
      )
  }
}
