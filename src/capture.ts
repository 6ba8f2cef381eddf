import { watchConsole } from './console.ts'
import { copy, read } from './copy.ts'
import { record } from './crumbs.ts'
import { GENERIC, describe, type Described } from './describe.ts'
import { elementPath, watchDom } from './dom.ts'
import { makeEvent } from './event.ts'
import { attempt, guard } from './guard.ts'
import { runHook } from './hook.ts'
import { drop, stats } from './ledger.ts'
import { watchNavigation } from './navigation.ts'
import { watchNetwork } from './network.ts'
import { matches } from './scrub.ts'
import { isNoise, titleOf } from './noise.ts'
import { debug, options } from './options.ts'
import { listen, undos } from './patch.ts'
import type { Event, Level, StackFrame } from './protocol.ts'
import { stopAsking } from './rules.ts'
import { threshold } from './sample.ts'
import { createScope, getCurrentScope, root, type CaptureContext } from './scope.ts'
import { sendEvent, sendItems } from './send.ts'
import { currentSession, randomId, saveSession } from './session.ts'
import { parseStack } from './stack.ts'
import { admit, stormCounts, stormOf } from './storm.ts'

// Of occurrences without a place that repeat one of their call sites. A fingerprint that is new does not count: each call
// site is found.
const MAX_LOOKS = 16

/** What an event tells; which one it is shows in what it has. */
export type Told = Pick<globalThis.Event, 'type'> &
  Partial<Pick<PromiseRejectionEvent, 'reason'> & Omit<ErrorEvent, 'type' | 'target'>> & {
    target: (Element & { src?: string; href?: string }) | null
  }

// How each thrown object came first. One that is reported and then thrown again is one occurrence; the same object
// coming twice the same way is two.
const seen = new WeakMap<object, string>()

let lastId: string | undefined

/** Listens from now on. Listeners survive a page that assigns `window.onerror`. */
export function install(): void {
  listen('error,unhandledrejection', onEvent)
  // Each by itself: a page may lack or have broken what one of them needs.
  ;[watchDom, watchNavigation, watchNetwork, watchConsole].forEach(attempt)
  listen(
    'pagehide,visibilitychange',
    guard(() => {
      if (document.hidden) sendItems(options.fleetSampling ? stormCounts() : '')
      stopAsking()
      saveSession()
    }),
  )
}

/** True between `init` and `close`. */
export const isInitialized = (): boolean => {
  return !!undos[0]
}

/** The id of the last event that was kept. */
export const lastEventId = (): string | undefined => {
  return lastId
}

/** Reports anything thrown; returns the event's id. */
export const captureException = (thrown: unknown, context?: CaptureContext): string => {
  return report(GENERIC, thrown, context)
}

/** Reports a text, at level `info` unless told otherwise; returns the event's id. */
export const captureMessage = (message: string, context?: CaptureContext | Level): string => {
  const event: Partial<Event> = { message, level: typeof context == 'string' ? context : 'info' }
  if (options.attachStacktrace) {
    // Without our own frame, in the shape that Sentry gives it.
    const frames = parseStack(new Error()).slice(1)
    event.exception = { values: [{ type: '', value: message, stacktrace: { frames: frames.reverse() } }] }
  }
  return captureEvent(event, context)
}

/** Reports an event that the page made itself; returns its id. */
export const captureEvent = (event: Partial<Event>, context?: CaptureContext | Level): string => {
  return report('', event, context)
}

/** The one listener: rejections, uncaught errors, and failed loads on their way down to the element. */
export function onEvent(event: Told): void {
  attempt(() => {
    let { type, target, reason, message, filename, lineno, colno, error: thrown = reason } = event
    let mechanism = 'on' + type
    // Where ohnoes-plugin rethrows says little.
    let key = filename && !('__ohnoes_locals' in self) ? `${message} ${filename}:${lineno}:${colno}` : ''
    let hint: CaptureContext | undefined
    if (target!.localName) {
      if (!target!.matches(options.resourceErrors)) return // throws for ''
      mechanism = 'resource'
      key = (target!.src || target!.href)!
      thrown = { name: 'ResourceError', message: key, element: elementPath(target!) }
    }
    // Without an error object either null or undefined was thrown (Chromium: `Uncaught null`, Firefox: `uncaught
    // exception: null`, WebKit: `null`), or the engine tells us the message only.
    else if (thrown == null && message && !/(null|undefined)$/.test(message)) {
      thrown = { name: 'Error', message }
      // What a script of another origin threw: engines hide it, so one a session says which scripts may be the cause.
      if (message == 'Script error.') {
        const storm = stormOf((key = message))
        if (storm.due) storm.due = 1e9
        else {
          const scripts = [...document.scripts]
            .map(({ src, crossOrigin }) => (crossOrigin || matches(src, location.origin) ? '' : src))
            .filter(src => src)
          debug('crossOrigin', scripts)
          hint = { tags: { script_error: true }, extra: { scripts } }
        }
      }
    }
    report(
      mechanism,
      thrown,
      hint,
      key,
      filename && ({ filename, lineno, colno, in_app: true } as StackFrame),
    )
  })
}

type Given = [
  /** None: it is a message, or an event that the page made itself. */
  mechanism: string,
  thrown: unknown,
  context?: CaptureContext | Level | undefined,
  /** What tells it from others without a look at its stack, its place among it; nothing where it has none. */
  key?: string,
  /** Where the engine says it was thrown, for values without a stack. */
  location?: StackFrame | '',
]

/** Counts it whatever comes of it. */
function report(...given: Given): string {
  if (!isInitialized()) return ''
  stats.occurred++
  const id = process(...given)
  return id == undefined ? drop('failed') : id
}

/** Decides, and only then reads what is expensive. */
const process = guard((...[mechanism, thrown, context, key, location]: Given): string => {
  let own: Partial<Event> | undefined
  if (!mechanism) thrown = key = titleOf((own = thrown as Partial<Event>)) // throws for what is no event

  if ((seen.get(thrown as object) || mechanism) != mechanism) return drop('duplicate')
  attempt(() => seen.set(thrown as object, mechanism)) // what is no object cannot be a key
  let storm = stormOf(key || `${copy(read(thrown, 'message') || thrown, 0)}`)
  let described: Described | undefined
  if (!key && storm.due < MAX_LOOKS) {
    described = describe(thrown, mechanism, location)
    const sharp = stormOf(described.fp)
    if (sharp.count) storm.due++
    storm = sharp
  }
  const n = admit(storm)
  if (!n) return drop('storm_control')
  const { fp, ...known } = described || describe(thrown, mechanism, location)
  if (!mechanism) delete known.exception
  stats.admitted++
  saveSession()
  if (attempt(() => isNoise({ ...known, ...own }))) return drop('ignored')
  const session = currentSession()
  if (mechanism) {
    session.errors++
    if (mechanism != GENERIC) session.status = 'crashed'
  }
  const p = options.sampleRate
  const u = threshold(session.sid, fp)
  if (u >= p) return drop('sample_rate')

  const id = randomId()
  const scope = createScope(root).update(getCurrentScope()).update(context)
  let event: Event | null = makeEvent(
    { event_id: id, timestamp: (options.atMs || session.timestamp) / 1e3, ...known },
    own,
    scope,
  )
  for (const hook of [...scope.processors, options.beforeSend]) {
    event = runHook(hook, event, 'tags', { originalException: thrown })
    if (!event) return drop(hook == options.beforeSend ? 'before_send' : 'event_processor')
  }
  stats.kept++
  lastId = id
  storm.claim = storm.key ? { fp, u, p } : { p }
  sendEvent(event, { id, fp, u, p, n })
  // A hook may have made anything of it.
  const message = attempt(() => titleOf(event!)) as string
  record('error', message, { event_id: id }, 'error')
  return id
})
