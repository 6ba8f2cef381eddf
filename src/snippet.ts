// The inline loader: queues errors, rejections and API calls until the bundle is there, and loads the bundle.
// It stands as text in every page, so it is one short script that imports nothing.

/** What the bundle finds at `window.ohnoes.stub`. */
export interface Stub {
  queue: [timeMs: number, what: Event | string, args?: unknown[]][]
  /** Errors that came when the queue was full. */
  dropped: number
  /** Ends the queueing, and gives away what was queued. */
  stop: () => Stub['queue']
}

/** As much of https://w3c.github.io/trusted-types/ as is used; TypeScript's DOM does not have it yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): typeof rules
}

const script = document.currentScript as HTMLScriptElement
const bundle = document.createElement('script')
let room = 99
let inits = 0

const onEvent = (event: Event) => {
  if (event.target == bundle) {
    // Ours to deal with: the page must not see that it failed.
    event.stopImmediatePropagation()
    giveUp()
  } else if (room-- > 0) stub.queue.push([Date.now(), event])
  else stub.dropped++
}

const stub: Stub = {
  queue: [],
  dropped: 0,
  stop() {
    removeEventListener('error', onEvent, true)
    removeEventListener('unhandledrejection', onEvent)
    return stub.queue.splice(0)
  },
}

// The CDN is blocked or the page's policy forbids us: as if nothing were here, and nothing is kept.
const giveUp = () => {
  stub.stop()
  room = 0
}

addEventListener('error', onEvent, true)
addEventListener('unhandledrejection', onEvent)

// Any call is queued, and answers with this object, so that calls can be chained; `init` always has room, and what came
// before it belongs to it as well. `then` is not there, so that nobody takes this for a promise.
const api: Record<string, unknown> = ((window as unknown as { ohnoes: unknown }).ohnoes = new Proxy(
  { stub, then: undefined } as Record<string, unknown>,
  {
    get: (target, name) =>
      typeof name != 'string' || name in target
        ? target[name as string]
        : (...args: unknown[]) => {
            if (name == 'init') stub.queue.splice(inits++, 0, [Date.now(), name, args])
            else if (room-- > 0) stub.queue.push([Date.now(), name, args])
            return name == 'flush' || name == 'close' ? Promise.resolve(false) : api
          },
  },
))

try {
  const { src, integrity, ...options } = script.dataset
  Object.assign(bundle.dataset, options)
  bundle.crossOrigin = 'anonymous'
  bundle.integrity = integrity || ''
  bundle.nonce = script.nonce
  const { trustedTypes } = window as unknown as { trustedTypes?: TrustedTypes }
  bundle.src = trustedTypes
    ? trustedTypes.createPolicy('ohnoes', { createScriptURL: url => url }).createScriptURL(src!)
    : src!
  document.head.append(bundle)
} catch {
  giveUp()
}
