// Web vitals, each with what caused it: `ohnoes/vitals`, and dist/vitals.js by way of vitals-script.ts. Never a part of
// the bundle itself, which loads it for the sessions of its sample.

import { onCLS, onFCP, onINP, onLCP, onTTFB, type MetricWithAttribution } from 'web-vitals/attribution'
import { clean } from './scrub.ts'
import { elementPath } from './dom.ts'
import { attempt } from './guard.ts'
import { toJson } from './json.ts'
import { pageName } from './page-name.ts'
import type { Metric } from './protocol.ts'
import { currentSession, randomId } from './session.ts'

/** The collector keeps no more of a text. */
const MAX_TEXT = 200
/** With more (a long visit of many soft navigations) they would outgrow a beacon, which takes 64 KiB. */
const MAX_PENDING = 50

/** Takes envelope items, each with a line break before it. */
export type SendItems = (items: string) => void
type Cause = Record<string, string | number | undefined>

let sendItems: SendItems | undefined
let loadId: string
/** The newest value of each measurement that has not been sent, by its id. */
const pending = new Map<string, Metric>()

/**
 * What `init({ vitals: true })` does in a session of the sample: measures CLS, INP, LCP, FCP and TTFB of this page from
 * its navigation on, as far as the browser does, and hands over what is new, as envelope items, each time the page
 * hides. A second call changes the way out, and measures nothing twice.
 */
export function startVitals(send: SendItems): void {
  const isRunning = sendItems
  sendItems = send
  // The newest of what web-vitals calls (Chromium 97, Firefox 104, Safari 15.4): it would throw into older pages.
  if (isRunning || !('findLast' in [])) return
  attempt(() => {
    loadId = randomId()
    // On the document, behind the listeners of web-vitals, which stand on the window: they have the last values.
    document.addEventListener('visibilitychange', sendIfHidden)
    // For what came after that, in a page that loaded in the background.
    addEventListener('pagehide', sendIfHidden)
  })
  const options = { generateTarget: pathOf, reportSoftNavs: true }
  for (const measure of [onCLS, onFCP, onLCP]) attempt(() => measure(record, options))
  // When a page hides, web-vitals 6.2.3 reports INP before it has read what happened since the last idle moment, the
  // click that left the page for one; it finds it right after that, as a change. (All changes of LCP would be wrong:
  // of two elements painted in one frame the first would stay the cause.)
  const inpOptions = { ...options, reportAllChanges: true, includeProcessedEventEntries: true }
  attempt(() => onINP(record, inpOptions))
  // A soft navigation has no first byte; web-vitals would say 0, and p75 of an app would be that.
  attempt(() => onTTFB(record))
}

function sendIfHidden(): void {
  if (document.visibilityState == 'hidden') sendPending()
}

function sendPending(): void {
  const items = [...pending.values()]
  pending.clear()
  if (!items[0]) return
  const header = {
    type: 'trace_metric',
    item_count: items.length,
    content_type: 'application/vnd.sentry.items.trace-metric+json',
  }
  attempt(() => sendItems!(`\n${toJson(header)}\n${toJson({ version: 2, items })}`))
}

function record(metric: MetricWithAttribution): void {
  attempt(() => {
    pending.set(metric.id, toWire(metric))
    if (pending.size == MAX_PENDING) sendPending()
  })
}

function toWire(metric: MetricWithAttribution): Metric {
  const { name, value, id, rating, navigationType, navigationStartTime = 0, navigationURL } = metric
  const attributes: Metric['attributes'] = {}
  const known: Cause = {
    page: pageName(navigationURL || location.href),
    // At the rate that the session was drawn at, on whichever of its pages.
    weight: 1 / currentSession().ohnoes_p,
    id,
    rating,
    navigation: navigationType,
    ...causeOf(metric),
  }
  for (const key in known) {
    const attribute = known[key]
    if (typeof attribute == 'number') attributes[key] = { value: attribute, type: 'double' }
    else if (attribute) attributes[key] = { value: clean(attribute, MAX_TEXT), type: 'string' }
  }
  return {
    timestamp: Date.now() / 1e3,
    // What began at one time is one view: the load, a return from the back/forward cache, a soft navigation.
    trace_id: ('0000000' + Math.floor(navigationStartTime).toString(16)).slice(-8) + loadId.slice(8),
    name: 'browser.web_vital.' + name.toLowerCase(),
    type: 'distribution',
    unit: name == 'CLS' ? 'none' : 'millisecond',
    value,
    attributes,
  }
}

/** Named one by one: an attribution also holds elements and entries, and its next version may hold more. */
function causeOf(metric: MetricWithAttribution): Cause {
  switch (metric.name) {
    case 'LCP': {
      const { attribution: cause } = metric
      return {
        element: cause.target,
        url: cause.url,
        time_to_first_byte: cause.timeToFirstByte,
        resource_load_delay: cause.resourceLoadDelay,
        resource_load_duration: cause.resourceLoadDuration,
        element_render_delay: cause.elementRenderDelay,
      }
    }
    case 'INP': {
      const { attribution: cause } = metric
      const script = cause.longestScript
      // Chromium 148 to 156 at least name no element of a pointer event, which web-vitals relies on where the page was
      // so slow that all of the interaction is one frame; the click in it has one.
      const click = cause.processedEventEntries.find(event => event.interactionId && event.target)
      return {
        element: cause.interactionTarget || (click && pathOf(click.target)),
        interaction: cause.interactionType,
        input_delay: cause.inputDelay,
        processing_duration: cause.processingDuration,
        presentation_delay: cause.presentationDelay,
        load_state: cause.loadState,
        script: script?.entry.sourceURL,
        script_function: script?.entry.sourceFunctionName,
        script_phase: script?.subpart,
        script_duration: script?.intersectingDuration,
      }
    }
    case 'CLS': {
      const { attribution: cause } = metric
      return {
        element: cause.largestShiftTarget,
        largest_shift: cause.largestShiftValue,
        largest_shift_time: cause.largestShiftTime,
        load_state: cause.loadState,
      }
    }
    case 'FCP': {
      const { attribution: cause } = metric
      return {
        time_to_first_byte: cause.timeToFirstByte,
        first_byte_to_fcp: cause.firstByteToFCP,
        load_state: cause.loadState,
      }
    }
    case 'TTFB': {
      const { attribution: cause } = metric
      return {
        waiting_duration: cause.waitingDuration,
        cache_duration: cause.cacheDuration,
        dns_duration: cause.dnsDuration,
        connection_duration: cause.connectionDuration,
        request_duration: cause.requestDuration,
      }
    }
  }
}

/** `''` and not undefined where there is none: web-vitals would put a selector of its own in that place. */
function pathOf(node: Node | null): string {
  const element = node instanceof Element ? node : node?.parentElement
  return (element && attempt(() => elementPath(element))) || ''
}
