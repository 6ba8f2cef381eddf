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
import { onEvent, type Told } from './capture.ts'
import { attempt } from './guard.ts'
import { drop, stats } from './ledger.ts'
import { options } from './options.ts'
import type { Stub } from './snippet.ts'

type Call = (...args: unknown[]) => unknown

interface Page {
  ohnoes?: { stub?: Stub; init?: unknown }
}

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

/** From beside this script. */
const loadVitals: LoadVitals = (...given) =>
  document.head.append(
    Object.assign(document.createElement('script'), {
      onvitals: (start: LoadVitals) => start(...given),
      nonce,
      crossOrigin: '',
      src: new URL('vitals.js', src),
    }),
  )

init(dataset, loadVitals)

// A getter of the page may throw, and so does what follows where there was no snippet.
attempt(() => {
  const { ohnoes: { stub, init: other } = {} } = window as Page
  // Another copy stays what the page calls; the snippet answers to every name.
  if (stub || !other) (window as Page).ohnoes = ohnoes
  for (const [timeMs, what, args] of stub!.stop()) {
    options.atMs = timeMs
    attempt(() => {
      if (args) (ohnoes[what as keyof typeof ohnoes] as Call)(...args)
      else onEvent(what as Told)
    })
  }
  options.atMs = 0
  stats.occurred += stub!.dropped
  drop('queue_overflow', stub!.dropped)
})
