import type { Breadcrumb, Event } from './protocol.ts'

/** What a hook is told beside the event. */
export interface Hint {
  /** The thrown value itself. */
  originalException?: unknown
}

/** Parts of texts, or expressions on them; a script tag can give one part. */
export type Patterns = string | (string | RegExp)[]

/** Names and meanings are Sentry's where Sentry has the option; docs/options.md describes each. */
export interface Options {
  dsn?: string | undefined
  enabled?: boolean
  debug?: boolean
  release?: string | undefined
  dist?: string | undefined
  environment?: string
  /** `'pending'` until the user has answered, which `setConsent` tells; false is as good as `enabled: false`. */
  consent?: boolean | 'pending'
  sampleRate?: number
  /** The share of sessions that crash-free figures and vitals come from. */
  sessionSampleRate?: number
  /** Whether to measure the web vitals of sampled sessions; loads a script of its own when the page is idle. */
  vitals?: boolean
  maxEventsPerMinute?: number
  /** Whether the collector is one of ohnoes. */
  fleetSampling?: boolean
  maxBreadcrumbs?: number
  /** Longest string in an event, in UTF-16 units. */
  maxValueLength?: number
  normalizeDepth?: number
  /** Methods of `console` whose calls become breadcrumbs. */
  console?: string | string[]
  /** Selector of the elements whose failed loads are reported, `''` for none. Default: scripts and styles. */
  resourceErrors?: string
  ignoreErrors?: Patterns
  denyUrls?: Patterns
  allowUrls?: Patterns
  /** Files that are the app's own, whatever the default rules say: parts of their URLs, or expressions on them. */
  inAppInclude?: Patterns
  /** Further keys whose values never leave; parts in lower case. */
  scrubKeys?: Patterns
  sendDefaultPii?: boolean
  /** Whether what is dropped is told, by reason. */
  sendClientReports?: boolean
  /** Gives messages the stack of the call. */
  attachStacktrace?: boolean
  /** Where everything goes instead of to the DSN's host: a path of the page's own origin. */
  tunnel?: string
  transportOptions?: { headers?: Record<string, string>; fetchOptions?: RequestInit }
  /** In place of `fetch`. */
  transport?: ((url: string, init: RequestInit) => Response | Promise<Response>) | undefined
  /** As `captureException` takes it beside the error. */
  initialScope?: object | undefined
  beforeBreadcrumb?: ((crumb: Breadcrumb, hint: Hint) => Breadcrumb | null) | undefined
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
  consent: true,
  sampleRate: 1,
  sessionSampleRate: 0.01,
  vitals: false,
  maxEventsPerMinute: 60,
  fleetSampling: false,
  maxBreadcrumbs: 50,
  maxValueLength: 5e4,
  normalizeDepth: 3,
  console: '',
  resourceErrors: 'script,[rel~=stylesheet]',
  ignoreErrors: '',
  denyUrls: '',
  allowUrls: '',
  inAppInclude: '',
  scrubKeys: '',
  sendDefaultPii: false,
  sendClientReports: true,
  attachStacktrace: false,
  tunnel: '',
  transportOptions: {},
  transport: undefined,
  initialScope: undefined,
  beforeBreadcrumb: undefined,
  beforeSend: undefined,
}

interface Configured extends Required<Options> {
  /** The time at which that happened which the snippet queued and which is done now. */
  atMs?: number
}

export let options: Configured = defaults

/**
 * Takes the page's options over the defaults; one that means nothing to us is ignored. From `data-*` attributes they
 * come as texts: `"0.1"` for a number, `"true"`, `"false"`, and `""` for true (`<script data-vitals>`).
 */
export function configure(given: Options | DOMStringMap): void {
  options = { ...defaults }
  // Whether to tell comes before what there is to tell.
  for (const key in { debug: 0, ...given }) {
    const value = given[key as keyof Options]
    const type = typeof options[key as keyof Options]
    if (!(key in options)) debug('unknown option', key)
    else if (value != null)
      (options as unknown as Record<string, unknown>)[key] =
        type == 'number'
          ? +value || 0
          : type == 'boolean'
            ? value === '' || (value != 'false' && value)
            : value
  }
}

/** Whether anything may be sent, or stored beyond this page's memory. */
export const hasConsent = (): boolean => `${options.consent}` == 'true'

/** Tells the developer, and only when `debug` asks for it; not where the page has broken its console. */
export function debug(message: string, detail?: unknown): void {
  try {
    if (options.debug) console.warn('ohnoes: ' + message, detail)
  } catch {}
}
