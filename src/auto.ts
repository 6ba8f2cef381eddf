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
  init,
  isInitialized,
  lastEventId,
  root,
  setConsent,
  withScope,
  type LoadVitals,
} from './api.ts'
import { onEvent, replay, type Told } from './capture.ts'
import { attempt } from './guard.ts'
import { drop, stats } from './ledger.ts'
import type { Stub } from './snippet.ts'

type Call = (...args: unknown[]) => unknown

interface Page {
  ohnoes?: { stub?: Stub; init?: unknown }
}

const { stub, init: other } = attempt(() => (window as Page).ohnoes) || {} // a getter of the page may throw
const { src, nonce, dataset } = (document.currentScript || {}) as Partial<HTMLScriptElement>

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

/** From beside this script. */
const loadVitals: LoadVitals = (...vitals) =>
  document.head.append(
    Object.assign(document.createElement('script'), {
      vitals,
      nonce,
      crossOrigin: '',
      src: new URL('vitals.js', src),
    }),
  )

init(dataset, loadVitals)

if (stub) {
  // The stub holds nothing of the page any more.
  for (const [timeMs, what, args] of stub.stop())
    replay(timeMs, () => {
      if (typeof what == 'string') (ohnoes[what as keyof typeof ohnoes] as Call)(...args!)
      else onEvent(what as Told)
    })
  stats.occurred += stub.dropped
  drop('queue_overflow', stub.dropped)
}
