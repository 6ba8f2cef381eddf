// The script tag: configures itself from its own `data-*` attributes, then does what the snippet has queued.
import {
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
  root,
  setConsent,
  start,
  withScope,
  type LoadVitals,
} from './api.ts'
import { onEvent, replay } from './capture.ts'
import { attempt } from './guard.ts'
import { drop, stats } from './ledger.ts'
import type { Stub } from './snippet.ts'

type Call = (...args: unknown[]) => unknown

interface Page {
  ohnoes?: { stub?: Stub; init?: unknown }
}

const { stub, init: other } = attempt(() => (window as Page).ohnoes) || {} // a getter of the page may throw
const { src, nonce, dataset } = (document.currentScript || {}) as Partial<HTMLScriptElement>

/** From beside this script. */
const loadVitals: LoadVitals = (...given) => {
  const onvitals = (start: LoadVitals) => start(...given)
  const url = src!.replace(/[^/]*$/, 'vitals.js')
  document.head.append(
    Object.assign(document.createElement('script'), { onvitals, nonce, crossOrigin: '', src: url }),
  )
}

const init = (given = {}) => start(given, loadVitals)
const ohnoes = {
  ...root,
  addBreadcrumb,
  addFeatureFlag,
  captureEvent,
  captureException,
  captureMessage,
  close,
  flush,
  getCurrentScope,
  getStats,
  init,
  isInitialized,
  lastEventId,
  setConsent,
  withScope,
}

// Another copy stays what the page calls; the snippet answers to every name.
attempt(() => {
  if (stub || !other) (window as Page).ohnoes = ohnoes
})

init(dataset)

if (stub) {
  stub.stop()
  // Emptied, or the stub would hold the page's objects for ever.
  for (const [timeMs, what, args] of stub.queue.splice(0))
    replay(timeMs, () => {
      if (typeof what == 'string') (ohnoes[what as keyof typeof ohnoes] as Call)(...args!)
      else if (isInitialized()) onEvent(what)
    })
  stats.occurred += stub.dropped
  drop('queue_overflow', stub.dropped)
}
