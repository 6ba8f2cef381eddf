import { clean, read } from './copy.ts'
import { addBreadcrumb } from './crumbs.ts'
import { attempt, guard } from './guard.ts'
import { patch } from './patch.ts'

const MAX_URL = 1024

interface Request {
  category: 'fetch' | 'xhr'
  method: unknown
  url: unknown
  startMs: number
}

const requests = new WeakMap<object, Request>()

/** Records requests once they are over, and the close codes of sockets: where to and how it went, never what was in. */
export function watchNetwork(): void {
  patch(self, 'fetch', (_, [input, init]) => {
    const request = begin('fetch', read(init, 'method') || read(input, 'method') || 'GET', input)
    // The page gets the derived promise, so that a rejection that nobody handles stays its own.
    return (promise: Promise<Response>) =>
      promise.then(
        response => {
          onEnd(request, response.status, () => response.headers.get('content-length'))
          return response
        },
        error => {
          onEnd(request, 0, () => 0, read(error, 'name'))
          throw error
        },
      )
  })

  patch(XMLHttpRequest.prototype, 'open', (xhr, [method, url]) => () => {
    const isKnown = requests.has(xhr)
    requests.set(xhr, begin('xhr', method, url))
    if (isKnown) return
    for (const type of ['loadstart', 'load', 'error', 'abort', 'timeout'])
      (xhr as XMLHttpRequest).addEventListener(type as 'load', event => {
        const request = requests.get(xhr)!
        if (type == 'loadstart') request.startMs = performance.now()
        else onEnd(request, (xhr as XMLHttpRequest).status, () => event.loaded, type != 'load' && type)
      })
  })

  patch(self, 'WebSocket', () => (socket: WebSocket) => {
    socket.addEventListener(
      'close',
      guard(({ code }: CloseEvent) =>
        addBreadcrumb({ category: 'websocket', data: { url: clean(socket.url, MAX_URL), code } }),
      ),
    )
  })
}

function begin(category: Request['category'], method: unknown, target: unknown): Request {
  const url = read(target, 'url') || read(target, 'href') || target
  return { category, method, url, startMs: performance.now() }
}

const onEnd = guard(
  ({ category, method, url, startMs }: Request, status: number, size: () => unknown, reason?: unknown) => {
    addBreadcrumb({
      type: 'http',
      category,
      level: reason || status > 499 ? 'error' : status > 399 ? 'warning' : 'info',
      data: {
        method,
        // What a data: URL holds is no address.
        url: clean(`${url}`.replace(/^data:[^]*/, 'data:'), MAX_URL),
        status_code: status,
        duration_ms: Math.round(performance.now() - startMs),
        response_body_size: attempt(size),
        reason,
      },
    })
  },
)
