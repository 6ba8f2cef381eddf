import { copy } from './copy.ts'
import { recentCrumbs } from './crumbs.ts'
import type { Report } from './describe.ts'
import { options } from './options.ts'
import { SDK_NAME, VERSION, type Event } from './protocol.ts'
import { merge, type Scope } from './scope.ts'

// exception → values → n → stacktrace → frames → n → vars → a variable
const EVENT_DEPTH = 8

/** 32 hex digits. */
export function randomId(): string {
  let id = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) id += (byte + 256).toString(16).slice(1)
  return id
}

/** The event of a report: its exceptions, and what the page's scopes say; later ones win. */
export function makeEvent(
  report: Report,
  described: Partial<Event>,
  scope: Scope,
  event_id: string,
  timestampMs: number,
): Event {
  const known = copy(report.event || {}, EVENT_DEPTH) as Partial<Event>
  // The scope's level wins over the event's own, its tags and the like do not (as Sentry has it). The scope is the
  // report's alone.
  const { level, ...own } = known
  merge(scope.data, own)
  return {
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
    ...described,
    ...known,
    ...scope.data,
  }
}
