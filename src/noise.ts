import { stringify } from './json.ts'
import { options } from './options.ts'
import type { Event } from './protocol.ts'
import { matches } from './scrub.ts'

/** The message of an event, or `type: value` of what was thrown. */
export function titleOf({ message, exception }: Partial<Event>): string {
  const [thrown] = exception ? exception.values.slice(-1) : []
  return thrown ? `${thrown.type}: ${thrown.value}` : `${message}`
}

/**
 * Whether the page does not want to hear of this, or nobody does: `ignoreErrors`, `denyUrls`, what browsers add. Throws
 * where there is no stack to judge by, which then is none.
 */
export function isNoise(event: Partial<Event>): unknown {
  const { ignoreErrors, denyUrls, allowUrls } = options
  const title = titleOf(event)
  // Of completing with undelivered notifications, or of a limit: both are harmless.
  if (matches(title, ignoreErrors) || /^\w+: ResizeObserver loop/.test(title)) return true
  const { frames } = event.exception!.values.slice(-1)[0]!.stacktrace!
  // Natives have none.
  const url = frames
    .map(frame => frame.filename)
    .filter(filename => /:/.test(filename!))
    .pop()
  return (
    (/-(extension|masked-url):/.test(stringify(frames)) && !frames.some(frame => frame.in_app)) ||
    matches(url, denyUrls) ||
    (url && allowUrls && !matches(url, allowUrls))
  )
}
