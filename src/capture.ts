import { watchConsole } from './console.ts'
import { record } from './crumbs.ts'
import { GENERIC, describe, type Report } from './describe.ts'
import { copy, read } from './copy.ts'
import { elementPath, watchDom } from './dom.ts'
import { makeEvent, pageScope } from './event.ts'
import { attempt, guard } from './guard.ts'
import { fingerprint } from './hash.ts'
import { runHook } from './hook.ts'
import { drop, stats } from './ledger.ts'
import { watchNavigation } from './navigation.ts'
import { watchNetwork } from './network.ts'
import { isNoise, titleOf } from './noise.ts'
import { debug, options } from './options.ts'
import { listen, undos } from './patch.ts'
import type { Event, Level } from './protocol.ts'
import { threshold } from './sample.ts'
import { stopAsking } from './rules.ts'
import { createScope, getCurrentScope, root, type CaptureContext } from './scope.ts'
import { sendEvent, sendItems } from './send.ts'
import { currentSession, randomId, saveSession } from './session.ts'
import { parseStack } from './stack.ts'
import { admit, countSharply, countStorm, isBlurred, stormCounts } from './storm.ts'

// How each thrown object came first. One that is reported and then thrown again is one occurrence; the same object
// coming twice the same way is two.
const seen = new WeakMap<object, string>()

let isInstalled = false
let replayedAtMs = 0
let lastId: string | undefined

/** Listens from now on. Listeners survive a page that assigns `window.onerror`. */
export function install(): void {
  isInstalled = true
  undos.push(() => (isInstalled = false))
  listen('error,unhandledrejection', onEvent)
  // Each by itself: a page may lack or have broken what one of them needs.
  ;[watchDom, watchNavigation, watchNetwork, watchConsole].forEach(attempt)
  listen(
    'pagehide,visibilitychange',
    guard(() => {
      if (document.visibilityState == 'hidden') sendItems(options.fleetSampling ? stormCounts() : '')
      stopAsking()
      saveSession()
    }),
  )
}

/** True between `init` and `close`. */
export function isInitialized(): boolean {
  return isInstalled
}

/** The id of the last event that was kept. */
export const lastEventId = (): string | undefined => {
  return lastId
}

/** Does what the snippet queued, as of the time at which it happened. */
export function replay(timeMs: number, job: () => void): void {
  replayedAtMs = timeMs
  attempt(job)
  replayedAtMs = 0
}

/** Reports anything thrown; returns the event's id. */
export const captureException = (thrown: unknown, context?: CaptureContext): string => {
  return report({ mechanism: GENERIC, thrown }, context)
}

/** Reports a text, at level `info` unless told otherwise; returns the event's id. */
export const captureMessage = (message: string, context?: CaptureContext | Level): string => {
  const event: Partial<Event> = { message, level: typeof context == 'string' ? context : 'info' }
  if (options.attachStacktrace) {
    // Without our own frame, in the shape that Sentry gives it.
    const [, ...frames] = parseStack(new Error())
    event.exception = { values: [{ type: '', value: message, stacktrace: { frames: frames.reverse() } }] }
  }
  return captureEvent(event, context)
}

/** Reports an event that the page made itself; returns its id. */
export const captureEvent = (event: Partial<Event>, context?: CaptureContext | Level): string => {
  return report({ mechanism: GENERIC, event, key: `${attempt(() => titleOf(event))}` }, context)
}

/** The one listener: rejections, uncaught errors, and failed loads on their way down to the element. */
export function onEvent(event: globalThis.Event | PromiseRejectionEvent | ErrorEvent): void {
  attempt(() => {
    const target = event.target as (HTMLMediaElement & HTMLLinkElement) | null
    if (event.type != 'error')
      report({ mechanism: 'onunhandledrejection', thrown: (event as PromiseRejectionEvent).reason })
    else if (target && target.localName) onFailedLoad(target)
    else if ('message' in event) onUncaught(event)
  })
}

/** Counts it whatever comes of it. */
function report(given: Report, context?: CaptureContext | Level): string {
  if (!isInstalled) return ''
  stats.occurred++
  const id = process(given, context)
  return id == undefined ? drop('internal_sdk_error') : id
}

/** Decides, and only then reads what is expensive. */
const process = guard((given: Report, context?: CaptureContext | Level): string => {
  const timeMs = replayedAtMs || Date.now()
  const { thrown, mechanism, key } = given
  const first = seen.get(thrown as object) || mechanism
  if (first != mechanism) return drop('duplicate')
  attempt(() => seen.set(thrown as object, mechanism)) // what is no object cannot be a key
  const isThrown = 'thrown' in given
  let storm = countStorm(key || `${copy(read(thrown, 'message') || thrown, 0)}`)
  const takesFingerprint = !key && isBlurred(storm)
  let n = takesFingerprint ? 0 : admit(storm)
  if (!n && !takesFingerprint) return drop('storm_control')
  const { fp, ...described } = isThrown ? describe(given) : { fp: fingerprint('', key!, []) }
  if (takesFingerprint) {
    storm = countSharply(storm, fp)
    n = admit(storm)
    if (!n) return drop('storm_control')
  }
  stats.admitted++
  saveSession()
  if (attempt(() => isNoise({ ...given.event, ...described }))) return drop('ignored')
  const session = currentSession()
  if (isThrown) {
    session.errors++
    if (mechanism != GENERIC) session.status = 'crashed'
  }
  const { sid } = session
  const p = options.sampleRate
  const u = threshold(sid, fp)
  if (u >= p) return drop('sample_rate')

  const id = randomId()
  const scope = createScope().update(pageScope()).update(root).update(getCurrentScope()).update(context)
  let event: Event | null = makeEvent(
    { event_id: id, timestamp: timeMs / 1e3, ...described },
    given.event,
    scope.data,
  )
  for (const hook of [...scope.processors, options.beforeSend]) {
    event = runHook(hook, event, 'tags', { originalException: thrown })
    if (!event) return drop(hook == options.beforeSend ? 'before_send' : 'event_processor')
  }
  stats.kept++
  lastId = id
  if (!storm.isOverflow) storm.fp = fp
  storm.p = p
  sendEvent(event, { sid, fp, u, p, n })
  // A hook may have made anything of it.
  const message = attempt(() => titleOf(event!)) as string
  record({ category: 'error', level: 'error', message, data: { event_id: id } })
  return id
})

function onUncaught({ message, filename, lineno, colno, error }: ErrorEvent): void {
  const uncaught: Report = {
    mechanism: 'onerror',
    thrown: error,
    location: filename && { filename, lineno, colno, in_app: true },
    // Where ohnoes-plugin rethrows says little.
    key: filename && !('__ohnoes_locals' in self) ? `${message} ${filename}:${lineno}:${colno}` : '',
  }
  // Without an error object either null or undefined was thrown (Chromium: `Uncaught null`, Firefox: `uncaught
  // exception: null`, WebKit: `null`), or the engine tells us the message only.
  if (error == null && !/(^|[ :])(null|undefined)$/.test(message)) {
    const [, name = 'Error', text] = /^(?:uncaught )?(?:(\w*error): )?([^]*)/i.exec(message)!
    uncaught.thrown = { name, message: text }
    // What a script of another origin threw: engines hide it, so one a session says which scripts may be the cause.
    if (/^script error/i.test(message)) {
      const session = currentSession()
      if (session.hasScriptError) {
        stats.occurred++
        drop('ignored')
        return
      }
      session.hasScriptError = true
      const scripts: string[] = []
      for (const { src, crossOrigin } of document.scripts)
        if (src && !crossOrigin && !src.startsWith(location.origin)) scripts.push(src)
      debug('crossOrigin', scripts)
      uncaught.event = { tags: { script_error: true }, extra: { scripts } }
    }
  }
  report(uncaught)
}

function onFailedLoad(element: HTMLMediaElement & HTMLLinkElement): void {
  if (!element.matches(options.resourceErrors)) return // throws for ''
  const url = element.currentSrc || element.src || element.href
  const message = `Failed to load ${element.localName}: ${url}`
  report({
    mechanism: 'resource',
    key: message,
    thrown: { name: 'ResourceError', message, url, element: elementPath(element) },
  })
}
