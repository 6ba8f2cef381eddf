// The package `ohnoes`: all that the script has, and web vitals as a chunk that is loaded when they are asked for.
import { init as start, root } from './api.ts'
import type { Options as KnownOptions } from './options.ts'
import type { CaptureContext } from './scope.ts'

export {
  addBreadcrumb,
  addFeatureFlag,
  captureEvent,
  captureException,
  captureMessage,
  close,
  flush,
  getCurrentScope,
  getStats,
  isInitialized,
  lastEventId,
  setConsent,
  withScope,
} from './api.ts'
export const { addEventProcessor, setContext, setExtra, setExtras, setTag, setTags, setUser } = root

export type { Hint } from './options.ts'
export type { Stats } from './ledger.ts'
export type { CaptureContext, EventProcessor, Scope } from './scope.ts'
export type { Breadcrumb, Event, ExceptionValue, Level, StackFrame, User } from './protocol.ts'

export interface Options extends KnownOptions {
  initialScope?: CaptureContext
}

/**
 * Starts reporting to the project that `dsn` names. A second call starts anew with its own options. Does nothing
 * outside a page (in Node, in a worker), without a DSN, and where another copy of ohnoes is running.
 */
export function init(given: Options = {}): void {
  start(given, (_options, send) => {
    // Where the chunk cannot be had, nothing is measured.
    import('./vitals.ts').then(({ startVitals }) => startVitals(send)).catch(() => undefined)
  })
}
