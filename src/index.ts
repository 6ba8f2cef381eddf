import { connect, flush } from './send.ts'
import { install, isInitialized, uninstall } from './capture.ts'
import { copy } from './copy.ts'
import { envelopeUrl } from './dsn.ts'
import { attempt } from './guard.ts'
import { stats, type Stats } from './ledger.ts'
import { configure, debug, options, type Options } from './options.ts'
import { root } from './scope.ts'

export { addBreadcrumb } from './crumbs.ts'
export { captureEvent, captureException, captureMessage, isInitialized, lastEventId } from './capture.ts'
export { flush } from './send.ts'
export { getCurrentScope, withScope } from './scope.ts'
export const { addEventProcessor, setContext, setExtra, setExtras, setTag, setTags, setUser } = root

export type { Hint, Options } from './options.ts'
export type { Stats } from './ledger.ts'
export type { CaptureContext, EventProcessor, Scope } from './scope.ts'
export type { Breadcrumb, Event, ExceptionValue, Level, StackFrame, User } from './protocol.ts'

// On `window`, where any other copy of ohnoes on the page finds it, however it came there.
const RUNNING = Symbol.for('ohnoes')
type Marked = { [RUNNING]?: boolean }

/**
 * Starts reporting to the project that `dsn` names. A second call starts anew with its own options. Does nothing
 * outside a page (in Node, in a worker), without a DSN, and where another copy of ohnoes is running.
 */
export function init(given: Options | DOMStringMap = {}): void {
  attempt(() => {
    const page = window as Marked // throws where there is no page
    stop()
    configure(given)
    if (!options.enabled || !options.dsn) return
    const url = envelopeUrl(options.dsn)
    if (!url) return console.error('ohnoes: bad DSN', options.dsn)
    if (page[RUNNING]) return debug('another copy is running')
    page[RUNNING] = true
    connect(url)
    install()
  })
}

/** Stops listening, then waits as `flush` does. */
export function close(timeoutMs?: number): Promise<boolean> {
  stop()
  return flush(timeoutMs)
}

/** The session's ledger so far. */
export function getStats(): Stats {
  return copy(stats, 2) as Stats
}

function stop(): void {
  if (!isInitialized()) return
  uninstall()
  delete (window as Marked)[RUNNING]
}
