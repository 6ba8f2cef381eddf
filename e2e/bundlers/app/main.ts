import { inConstructor, inGetter, inPrivate, inStatic } from './cart.ts'
import * as errors from './errors.ts'
import { money } from './format.cjs'
import { startWorker } from './start-worker.ts'
import { App } from './view.tsx'

declare const ohnoes: {
  captureException(error: unknown, hint: object): void
  flush(timeoutMs: number): Promise<boolean>
}
declare const __OHNOES_RELEASE__: string

function inWorker(): Promise<never> {
  return new Promise((_, reject) => {
    const worker = startWorker()
    worker.onmessage = ({ data }) => {
      const scope = globalThis as { _ohnoesDebugIds?: object }
      scope._ohnoesDebugIds = { ...scope._ohnoesDebugIds, ...data.ids }
      reject(Object.assign(new Error(data.message), { name: data.name, stack: data.stack }))
    }
    worker.onerror = () => reject(new Error('the worker did not start'))
    worker.postMessage([{}])
  })
}

const CASES: (() => unknown)[] = [
  errors.plain,
  errors.nested,
  errors.natural,
  errors.inCallback,
  errors.afterAwait,
  errors.outer,
  errors.inTimer,
  errors.inThen,
  errors.inGenerator,
  errors.inObject,
  errors.inHandler,
  inGetter,
  inPrivate,
  inStatic,
  inConstructor,
  App,
  () => money('12' as unknown as number, 'eur'),
  () => import('./lazy.ts').then(({ loadOrders }) => loadOrders({})),
  inWorker,
  () => import('./lazy.ts').then(({ describeOrders }) => describeOrders()),
]

/** Runs each case and reports what it throws; resolves with how many have thrown. */
async function run(): Promise<{ thrown: number; release: string }> {
  let thrown = 0
  for (const [index, breakIt] of CASES.entries())
    try {
      await breakIt()
    } catch (error) {
      thrown++
      ohnoes.captureException(error, { tags: { case: String(index + 1) } })
    }
  await ohnoes.flush(5000)
  return { thrown, release: __OHNOES_RELEASE__ }
}

Object.assign(globalThis, { run })
