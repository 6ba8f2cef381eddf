import { copy } from './copy.ts'
import { recentCrumbs } from './crumbs.ts'
import { attempt } from './guard.ts'
import { isRestored } from './navigation.ts'
import { options } from './options.ts'
import { SDK_NAME, VERSION, type Event, type Primitive } from './protocol.ts'
import { merge, type ScopeData } from './scope.ts'

// exception → values → n → stacktrace → frames → n → vars → a variable
const EVENT_DEPTH = 8
const MAX_FLAGS = 100

let flags: { flag: unknown; result: unknown }[] = []

/** Tells which way a feature flag went; events have the last 100. */
export const addFeatureFlag = (name: string, value: Primitive): void => {
  const flag = copy(name, 0)
  flags = [...flags.filter(known => known.flag != flag), { flag, result: copy(value, 0) }].slice(-MAX_FLAGS)
}

export function forgetFlags(): void {
  flags = []
}

/** As much of https://wicg.github.io/ua-client-hints/, /netinfo/ and /device-memory/ as is used, where there is any. */
interface BrowserHints {
  deviceMemory?: number
  connection?: { effectiveType: string }
  userAgentData?: { toJSON(): Record<string, unknown> }
}

/** The event of a report: what the browser tells, what is known of it, and what the page and its scopes say; later ones win. */
export function makeEvent(
  described: Partial<Event>,
  own: Partial<Event> | undefined,
  data: ScopeData,
): Event {
  const hints = navigator as Navigator & BrowserHints
  // The scope's level wins over the event's own, its tags and the like do not (as Sentry has it).
  const event = {
    platform: 'javascript',
    level: 'error',
    release: options.release,
    environment: options.environment,
    dist: options.dist,
    sdk: { name: SDK_NAME, version: VERSION },
    user: options.sendDefaultPii ? { ip_address: '{{auto}}' } : undefined,
    request: {
      url: location.href,
      headers: { Referer: document.referrer, 'User-Agent': hints.userAgent },
    },
    breadcrumbs: recentCrumbs(),
    ...described,
    ...(copy(own, EVENT_DEPTH) as Partial<Event>),
    contexts: {
      culture: {
        locale: hints.language,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
      page: {
        age_ms: performance.now(),
        innerWidth,
        innerHeight,
        visibilityState: document.visibilityState,
        prerendering: document.prerendering,
        isRestored,
        in_iframe: top != self,
        deviceMemory: hints.deviceMemory,
        effectiveType: attempt(() => hints.connection!.effectiveType),
      },
      client_hints: attempt(() => hints.userAgentData!.toJSON()),
      flags: { values: flags },
    },
  } as unknown as Event
  return merge(merge(event, data), { ...own, level: undefined } as object)
}
