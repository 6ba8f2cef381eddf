// The script tag: configures itself from its own `data-*` attributes, then does what the snippet has queued.
import { onError, onRejection, replay } from './capture.ts'
import { attempt } from './guard.ts'
import * as api from './index.ts'
import { drop, stats } from './ledger.ts'
import type { Stub } from './snippet.ts'

type Call = (...args: unknown[]) => unknown

const page = window as unknown as { ohnoes: unknown }
const before = page.ohnoes as { stub?: Stub } | undefined
const stub = before && before.stub

attempt(() => {
  page.ohnoes = api
})

const { dataset } = (document.currentScript || {}) as Partial<HTMLScriptElement>
if (dataset && dataset.dsn) api.init(dataset)

if (stub) {
  stub.stop()
  for (const [timeMs, what, args = []] of stub.queue)
    replay(timeMs, () => {
      if (typeof what == 'string') (api[what as keyof typeof api] as Call)(...args)
      else if (what.type == 'error') onError(what)
      else onRejection(what as PromiseRejectionEvent)
    })
  stats.occurred += stub.dropped
  drop('queue_overflow', stub.dropped)
}
