import { copy } from './copy.ts'
import { recentCrumbs } from './crumbs.ts'
import { describe } from './describe.ts'
import { options } from './options.ts'
import { SDK_NAME, VERSION } from './protocol.ts'
import type { Event, ExceptionValue, StackFrame } from './protocol.ts'
import { merge, root, type Scope } from './scope.ts'
import { parseStack } from './stack.ts'

// exception → values → n → stacktrace → frames → n → vars → a variable
const EVENT_DEPTH = 8

export const GENERIC = 'generic'

/** Something that happened, before anything expensive was read from it. */
export interface Report {
  /** How it came: `generic` is a call of the page, everything else went unhandled. */
  mechanism: string
  /**
   * Present, though perhaps undefined, when something was thrown. Where the engine gives no error, an object with `name`,
   * `message` and what else is known.
   */
  thrown?: unknown
  /** Where the engine says it was thrown, for values without a stack. */
  location?: StackFrame | undefined
  /** True for what is known to say nothing: it is counted, not sent. */
  isNoise?: boolean
  /** What is known beside it: messages, the page's own events. */
  event?: Partial<Event>
}

/** 32 hex digits. */
export function randomId(): string {
  let id = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) id += (byte + 256).toString(16).slice(1)
  return id
}

/** The event of a report: its exceptions, and what the page's scopes say; later ones win. */
export function makeEvent(report: Report, scope: Scope, event_id: string, timestampMs: number): Event {
  const known = copy(report.event || {}, EVENT_DEPTH) as Partial<Event>
  const event: Event = {
    event_id,
    timestamp: timestampMs / 1e3,
    platform: 'javascript',
    level: 'error',
    environment: options.environment,
    release: options.release,
    dist: options.dist,
    sdk: { name: SDK_NAME, version: VERSION },
    request: {
      url: location.href,
      headers: { Referer: document.referrer, 'User-Agent': navigator.userAgent },
    },
    breadcrumbs: recentCrumbs(),
    ...('thrown' in report && { exception: { values: exceptionValues(report) } }),
    ...known,
  }
  // The scope's level wins over the event's own, its tags and the like do not (as Sentry has it).
  const { level, ...own } = known
  for (const data of [root.data, scope.data, own]) merge(event, data)
  return event
}

function exceptionValues({ thrown, mechanism, location }: Report): ExceptionValue[] {
  return describe(thrown)
    .map(({ thrown, type, value, data, parent, source }, id) => {
      const frames = parseStack(thrown)
      if (!id && !frames.length && location) frames.push(location)
      return {
        type,
        value,
        mechanism: {
          type: id ? 'chained' : mechanism,
          handled: mechanism == GENERIC,
          exception_id: id,
          parent_id: parent,
          source,
          data,
        },
        stacktrace: frames.length ? { frames: frames.reverse() } : undefined,
      }
    })
    .reverse()
}
