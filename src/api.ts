import { forgetCrumbs } from './crumbs.ts'
import { install, isInitialized } from './capture.ts'
import { envelopeUrl } from './dsn.ts'
import { forgetFlags } from './event.ts'
import { attempt } from './guard.ts'
import { stats, type Stats } from './ledger.ts'
import { configure, debug, hasConsent, options } from './options.ts'
import { getCurrentScope, root } from './scope.ts'
import { undo, undos } from './patch.ts'
import { connect, flush, forgetAll, release, sendItems } from './send.ts'
import { forgetSession, isSampled, saveSession } from './session.ts'

export { addBreadcrumb } from './crumbs.ts'
export { captureEvent, captureException, captureMessage, isInitialized, lastEventId } from './capture.ts'
export { addFeatureFlag } from './event.ts'
export { flush } from './send.ts'
export { getCurrentScope, withScope } from './scope.ts'
export { root } from './scope.ts'

// Where any other copy of ohnoes on the page finds it, however it came there.
declare global {
  interface Window {
    _ohnoes?: boolean
  }
}

/** Brings `ohnoes/vitals` in, and starts it with the page's options and a way to send envelope items. */
export type LoadVitals = (given: typeof options, send: typeof sendItems) => unknown

let loadVitals: LoadVitals

/** What `init` does; wherever vitals come from, its first call says. */
export const init = (given: object = {}, load = loadVitals): void => {
  attempt(() => {
    loadVitals = load
    undo()
    configure(given)
    begin()
  })
}

/** Answers `consent: 'pending'`. With true, what was recorded so far is sent; with false, it is forgotten. */
export const setConsent = (isGiven: boolean): void => {
  attempt(() => {
    if ((options.consent = !!isGiven)) return begin() // -1 B
    undo()
    forgetAll()
    forgetCrumbs()
    forgetFlags()
    forgetSession()
    root.clear()
    getCurrentScope().clear()
  })
}

/** Stops listening, then waits as `flush` does. */
export const close = (timeoutMs?: number): Promise<boolean> => {
  undo()
  return flush(timeoutMs)
}

/** The session's ledger so far. */
export const getStats = (): Stats => stats

function begin(): void {
  const { dsn } = options
  if (!dsn || !options.enabled || !options.consent) return
  if (!isInitialized()) {
    const url = envelopeUrl(dsn)
    if (url == dsn) return console.error('ohnoes: bad DSN', dsn)
    if (window._ohnoes) return debug('duplicate') // a word that is there already (-9 B); throws where there is no page
    window._ohnoes = true
    undos.push(() => delete window._ohnoes)
    root.update(options.initialScope)
    connect(options.tunnel || url)
    install()
  }
  saveSession() // it starts here; in Firefox 153 a quick next page does not see what was stored at the end of this one
  if (!hasConsent()) return
  release()
  if (options.vitals && isSampled())
    (self.requestIdleCallback || setTimeout)(() =>
      attempt(() => loadVitals(options, items => isInitialized() && sendItems(items))),
    )
}
