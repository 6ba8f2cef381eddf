// A page with something to measure, and what its browser says of it, read without web-vitals.
'use strict'

const entries = []
for (const type of ['paint', 'largest-contentful-paint', 'layout-shift', 'event', 'first-input'])
  if (PerformanceObserver.supportedEntryTypes.includes(type))
    new PerformanceObserver(list => entries.push(...list.getEntries())).observe({
      type,
      buffered: true,
      durationThreshold: 16,
    })
const errors = []
addEventListener('error', event => errors.push(event.message))
addEventListener('unhandledrejection', event => errors.push(String(event.reason)))

/** Which vitals this engine has what it takes for. */
const measurable = ['TTFB', 'FCP']
const { supportedEntryTypes } = PerformanceObserver
if (supportedEntryTypes.includes('largest-contentful-paint')) measurable.push('LCP')
if (supportedEntryTypes.includes('layout-shift')) measurable.push('CLS')
if (window.PerformanceEventTiming && 'interactionId' in PerformanceEventTiming.prototype)
  measurable.push('INP')

/** The largest sum of shifts that are less than 1 s apart, and less than 5 s in all (https://web.dev/articles/cls). */
function largestBurst(shifts) {
  let [first, last, sum, largest] = [0, 0, 0, 0]
  for (const { startTime, value } of shifts) {
    const goesOn = startTime - last < 1000 && startTime - first < 5000
    if (!goesOn) [first, sum] = [startTime, 0]
    last = startTime
    sum += value
    largest = Math.max(largest, sum)
  }
  return largest
}

/** By its performance entries, for a page with one load and one interaction. Undefined is what the engine lacks. */
function ownVitals() {
  const of = type => entries.filter(({ entryType }) => entryType === type)
  const shifts = of('layout-shift').filter(shift => !shift.hadRecentInput)
  const interactions = of('event').filter(event => event.interactionId)
  return {
    TTFB: performance.getEntriesByType('navigation')[0]?.responseStart,
    FCP: of('paint').find(({ name }) => name === 'first-contentful-paint')?.startTime,
    LCP: of('largest-contentful-paint').at(-1)?.startTime,
    CLS: measurable.includes('CLS') ? largestBurst(shifts) : undefined,
    INP: interactions.length ? Math.max(...interactions.map(({ duration }) => duration)) : undefined,
  }
}

/** What was painted for LCP. */
const ownLargest = () =>
  entries.findLast(({ entryType }) => entryType == 'largest-contentful-paint')?.element.id

const sendBeacon = items => navigator.sendBeacon('/sent', items.trim())

/** Loads dist/vitals.js as the bundle does. */
function measure(options, send = sendBeacon) {
  const script = document.createElement('script')
  script.src = '/dist/vitals.js'
  script.onvitals = start => {
    start(options, send)
    measure.start = start
  }
  document.head.append(script)
}

/** Moves the heading down, after no input of the user. */
function shift() {
  document.querySelector('#late').style.height = '150px'
}

/** Tells the page that it is hidden, or shown again: in a browser without windows a tab never is. */
function pretend(visibilityState) {
  delete document.visibilityState
  if (visibilityState != document.visibilityState)
    Object.defineProperty(document, 'visibilityState', { get: () => visibilityState, configurable: true })
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
}

let busyMs = 100
addEventListener('click', function onClick({ target }) {
  if (target.id == 'slow') for (const start = performance.now(); performance.now() - start < busyMs;);
  if (target.id == 'route') showOrders()
})

/** A view of an app: another URL, and something large painted. */
function showOrders() {
  history.pushState({}, '', `/users/${performance.now().toFixed()}/orders?token=secret`)
  const heading = document.createElement('h2')
  heading.id = 'orders'
  heading.textContent = 'All the orders of this user, of which there are none so far. '.repeat(8)
  document.querySelector('main').replaceChildren(heading)
}
