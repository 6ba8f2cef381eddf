import type { Event } from './protocol.ts'

/** What a hook is told beside the event. */
export interface Hint {
  /** The thrown value itself. */
  originalException?: unknown
}

/** Names and meanings are Sentry's where Sentry has the option; docs/options.md describes each. */
export interface Options {
  dsn?: string | undefined
  enabled?: boolean
  debug?: boolean
  release?: string | undefined
  dist?: string | undefined
  environment?: string
  sampleRate?: number
  maxBreadcrumbs?: number
  /** Longest string in an event, in UTF-16 units. */
  maxValueLength?: number
  normalizeDepth?: number
  maxEventsPerMinute?: number
  /** Selector of the elements whose failed loads are reported, `''` for none. Default: scripts and styles. */
  resourceErrors?: string
  /** Files that are the app's own, whatever the default rules say: parts of their URLs, or expressions on them. */
  inAppInclude?: (string | RegExp)[]
  beforeSend?: ((event: Event, hint: Hint) => Event | null) | undefined
}

// The key of every option, also the ones that have no default: an option is known iff it is in here.
const defaults = {
  dsn: undefined,
  enabled: true,
  debug: false,
  release: undefined,
  dist: undefined,
  environment: 'production',
  sampleRate: 1,
  maxBreadcrumbs: 50,
  maxValueLength: 5e4,
  normalizeDepth: 3,
  maxEventsPerMinute: 60,
  resourceErrors: 'script,[rel~=stylesheet]',
  inAppInclude: [],
  beforeSend: undefined,
}

type Configured = Required<Options>

const { warn } = console

export let options: Configured = defaults

/**
 * Takes the page's options over the defaults; one that means nothing to us is ignored. From `data-*` attributes they
 * come as texts: `"0.1"` for a number, `"false"`.
 */
export function configure(given: Options | DOMStringMap): void {
  const known: Record<string, unknown> = (options = { ...defaults, debug: !!given.debug })
  for (const key in given) {
    const value = given[key as keyof Options]
    if (!(key in defaults)) debug('unknown option', key)
    else if (value !== undefined)
      known[key] = typeof known[key] == 'number' ? +value || 0 : value !== 'false' && value
  }
}

/** Tells the developer, and only when `debug` asks for it. */
export function debug(message: string, detail?: unknown): void {
  if (options.debug) warn('ohnoes: ' + message, detail)
}
