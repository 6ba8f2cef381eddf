import { attempt } from './guard.ts'
import { options } from './options.ts'
import type { Event } from './protocol.ts'
import { matches } from './scrub.ts'

/** The message of an event, or `type: value` of what was thrown. */
export function titleOf({ message, exception }: Partial<Event>): string {
  const [thrown] = exception ? exception.values.slice(-1) : []
  return thrown ? `${thrown.type}: ${thrown.value}` : `${message}`
}

/** Whether the page does not want to hear of this, or nobody does: `ignoreErrors`, `denyUrls`, what browsers add. */
export function isNoise(event: Partial<Event>): boolean {
  const { ignoreErrors, denyUrls, allowUrls } = options
  const title = titleOf(event)
  const frames = attempt(() => event.exception!.values.slice(-1)[0]!.stacktrace!.frames) || []
  const urls = frames.map(frame => frame.filename).filter(filename => filename)
  const url = urls.pop() // the newest frame's
  return (
    matches(title, ignoreErrors) ||
    // Chromium and WebKit say what was not completed, older ones which limit there is. Both are harmless.
    /^(\w+: )?ResizeObserver loop (comp|lim)/.test(title) ||
    (/-(extension|masked-url):/.test(`${[urls, url]}`) && !frames.some(frame => frame.in_app)) ||
    matches(url, denyUrls) ||
    !!(url && allowUrls && !matches(url, allowUrls))
  )
}
