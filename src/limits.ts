import { currentSession } from './session.ts'

/** Whether the server wants no events, or nothing of the session, for now: their own limit or that of all is running. */
export function isLimited(events: number): boolean {
  const { limits } = currentSession()
  return limits[events ? 'error' : 'session']! > Date.now() || limits['']! > Date.now()
}

/**
 * Takes in what the server says of its limits, whatever the status: `60:error;default:key, 2700::organization`, no
 * category being all of them (https://develop.sentry.dev/sdk/expected-features/rate-limiting/), or else `Retry-After`.
 * What is no number of seconds (a date, say) is a minute, as in Sentry's SDKs; and so is 429 with nothing more.
 */
export function readLimits({ headers, status }: Response): void {
  const { limits } = currentSession()
  const text = headers.get('X-Sentry-Rate-Limits') || headers.get('Retry-After') || status == 429
  if (!text) return
  for (const limit of `${text}`.split(',')) {
    const [seconds, categories = ''] = limit.split(':')
    for (const category of categories.split(';'))
      limits[category] = Math.max(limits[category] || 0, Date.now() + (+seconds! || 60) * 1e3)
  }
}
