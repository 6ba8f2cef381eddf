import { currentSession } from './session.ts'

/** Whether the server wants nothing of a category for now: its own limit or that of all categories is running. */
export function isLimited(category: string): boolean {
  const { limits } = currentSession()
  return limits[category]! > Date.now() || limits['']! > Date.now()
}

/**
 * Takes in what the server says of its limits, whatever the status: `60:error;default:key, 2700::organization`, no
 * category being all of them (https://develop.sentry.dev/sdk/expected-features/rate-limiting/), or else `Retry-After`.
 */
export function readLimits({ headers, status }: Response): void {
  const { limits } = currentSession()
  const nowMs = Date.now()
  const after = headers.get('Retry-After') as string
  const text =
    headers.get('X-Sentry-Rate-Limits') ||
    ((after || status == 429) && `${+after || (Date.parse(after) - nowMs) / 1e3 || 60}`)
  for (const limit of `${text}`.split(',')) {
    const [seconds, categories = ''] = limit.split(':')
    const untilMs = nowMs + +seconds! * 1e3
    // What is no number is larger than nothing.
    for (const category of categories.split(';'))
      if (untilMs > (limits[category] || 0)) limits[category] = untilMs
  }
}
