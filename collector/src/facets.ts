import { browserOf } from './browser.ts'
import { cut } from './cut.ts'
import { isObject, type JsonObject } from './json.ts'
import type { ReceivedEvent } from './received-event.ts'
import { userAgentOf } from './user-agent.ts'

// What groups can be searched by and are broken down by. The keys of an event's own tags begin with `tag:`, so that a
// tag `browser` does not count twice.

export const TAG_PREFIX = 'tag:'
/** Of every event, in the order people are shown them. */
export const FACETS = ['release', 'environment', 'browser', 'os', 'url', 'level', 'handled'] as const
export type Facet = (typeof FACETS)[number]

const MAX_LENGTH = 250

/** The facets of an event, each key once. */
export function facetsOf(event: ReceivedEvent): Record<string, string> {
  const { contexts, environment, exception, level, release, request, tags } = event
  const { browser, os } = clientOf(contexts ?? {}, userAgentOf(event))
  const handled = exception?.values.at(-1)?.mechanism?.handled
  const facets: Record<Facet, string | undefined> = {
    release,
    environment,
    browser,
    os,
    url: typeof request?.url === 'string' ? withoutQuery(request.url) : undefined,
    level,
    handled: handled === undefined ? undefined : handled ? 'yes' : 'no',
  }
  const found: Record<string, string> = {}
  const add = (key: string, value: string | undefined): void => {
    if (value) found[key] = cut(value, MAX_LENGTH)
  }
  for (const key of FACETS) add(key, facets[key])
  for (const [key, value] of Object.entries(tags ?? {})) add(TAG_PREFIX + key, value)
  return found
}

/** What the event's contexts say, as SDKs of native apps and servers do, else what its user agent does. */
function clientOf(contexts: JsonObject, userAgent: string): { browser: string; os: string } {
  const agent = browserOf(userAgent)
  return {
    browser: nameOf(contexts.browser) || [agent.name, agent.version].filter(Boolean).join(' '),
    os: nameOf(contexts.os) || agent.os,
  }
}

/** `{name: 'Chrome', version: '126.0.1'}` is `Chrome 126`. */
function nameOf(context: unknown): string {
  if (!isObject(context) || typeof context.name !== 'string') return ''
  const major = typeof context.version === 'string' ? /^\d+/.exec(context.version)?.[0] : undefined
  return [context.name, major].filter(Boolean).join(' ')
}

/** Ids of a path stay: they say which page it was. */
function withoutQuery(url: string): string {
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}
