import { framesOf, urlOf } from './artifact-keys.ts'
import { type Browser, browserOf } from './browser.ts'
import type { InboundFilter } from './project.ts'
import type { ReceivedEvent } from './received-event.ts'
import { userAgentOf } from './user-agent.ts'

// What a project may have thrown away on arrival: events that say nothing about its code.

const EXTENSION = /^(?:(?:chrome|moz|safari(?:-web)?|ms-browser)-extension:|webkit-masked-url:)/
const WEB = /^https?:/
const LOCAL_HOST = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])$/

/** The first versions that run what the bundle is made of (ES2018), by the names that Bowser gives. */
const MODERN: Record<string, number> = {
  Chrome: 63,
  'Microsoft Edge': 79,
  Firefox: 58,
  Safari: 12,
  Opera: 50,
  'Samsung Internet for Android': 8,
  // Never did.
  'Internet Explorer': Infinity,
  'Opera Mini': Infinity,
}

const APPLIES: Record<InboundFilter, (event: ReceivedEvent) => boolean> = {
  extensions: isOfExtension,
  crawlers: event => isOfPage(event) && browserOf(userAgentOf(event)).isCrawler,
  'legacy-browsers': event => isOfPage(event) && isLegacy(browserOf(userAgentOf(event))),
  localhost: isOfLocalhost,
}

/** The first of a project's filters that applies to an event. */
export const filterOf = (event: ReceivedEvent, filters: InboundFilter[]): InboundFilter | undefined =>
  filters.find(filter => APPLIES[filter](event))

/** A server has neither a browser nor a crawler, whatever its HTTP client calls itself. */
const isOfPage = ({ platform }: ReceivedEvent): boolean => platform === 'javascript'

function isLegacy({ name, version }: Browser): boolean {
  const modern = Object.hasOwn(MODERN, name) ? MODERN[name] : undefined
  return modern !== undefined && Number(version) < modern
}

/** With a frame of an extension and none of a page. */
function isOfExtension(event: ReceivedEvent): boolean {
  const frames = framesOf(event)
  return !frames.some(frame => WEB.test(urlOf(frame))) && frames.some(frame => EXTENSION.test(urlOf(frame)))
}

function isOfLocalhost({ request }: ReceivedEvent): boolean {
  const url = request?.url
  return typeof url === 'string' && URL.canParse(url) && LOCAL_HOST.test(new URL(url).hostname)
}
