// The script tag: configures itself from its own `data-*` attributes, then does what the snippet has queued.
import { isInitialized, onEvent, replay } from './capture.ts'
import { attempt } from './guard.ts'
import * as api from './index.ts'
import { miss } from './ledger.ts'
import type { Stub } from './snippet.ts'

type Call = (...args: unknown[]) => unknown

const page = window as unknown as { ohnoes: unknown }
const { stub, init } = (page.ohnoes || {}) as { stub?: Stub; init?: unknown }

// Another copy stays what the page calls; the snippet answers to every name.
attempt(() => {
  if (stub || !init) page.ohnoes = api
})

api.init(((document.currentScript || {}) as Partial<HTMLScriptElement>).dataset)

if (stub) {
  stub.stop()
  // Emptied, or the stub would hold the page's objects for ever.
  for (const [timeMs, what, args = []] of stub.queue.splice(0))
    replay(timeMs, () => {
      if (typeof what == 'string') (api[what as keyof typeof api] as Call)(...args)
      else if (isInitialized()) onEvent(what)
    })
  miss('queue_overflow', stub.dropped)
}
