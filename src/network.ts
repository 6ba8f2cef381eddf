import { read } from './copy.ts'
import { addBreadcrumb } from './crumbs.ts'
import { attempt, guard } from './guard.ts'
import { patch } from './patch.ts'

type End = (status: number, reason?: unknown, size?: unknown) => void

const ends = new WeakMap<object, End>()

/** Records requests once they are over, and the close codes of sockets: where to and how it went, never what was in. */
export function watchNetwork(): void {
  patch(self, 'fetch', (_, [input, init]) => {
    const end = begin('fetch', read(init, 'method') || read(input, 'method') || 'GET', input)
    // The page gets the derived promise, so that a rejection that nobody handles stays its own.
    return (promise: Promise<Response>) =>
      promise.then(
        response => {
          end(
            response.status,
            undefined,
            attempt(() => response.headers.get('content-length')),
          )
          return response
        },
        error => {
          end(0, read(error, 'name'))
          throw error
        },
      )
  })

  patch(XMLHttpRequest.prototype, 'open', (xhr, [method, url]) => () => {
    ends.set(xhr, begin('xhr', method, url))
    // The same function each time: it is added once, however often a request is opened.
    for (const type of ['load', 'error', 'abort', 'timeout'])
      (xhr as XMLHttpRequest).addEventListener(type as 'load', onXhrEnd)
  })

  patch(self, 'WebSocket', () => (socket: WebSocket) => {
    socket.addEventListener(
      'close',
      guard(({ code }: CloseEvent) =>
        addBreadcrumb({ category: 'websocket', data: { url: socket.url, code } }),
      ),
    )
  })
}

function onXhrEnd({ type, target, loaded }: ProgressEvent): void {
  ends.get(target!)!((target as XMLHttpRequest).status, type == 'load' ? undefined : type, loaded)
}

function begin(category: 'fetch' | 'xhr', method: unknown, target: unknown): End {
  // What a data: URL holds is no address.
  const url = `${read(target, 'url') || target}`.replace(/^data:[^]*/, 'data:')
  const startMs = performance.now()
  return guard((status, reason, size) =>
    addBreadcrumb({
      type: 'http',
      category,
      level: reason || status > 499 ? 'error' : status > 399 ? 'warning' : 'info',
      data: {
        method,
        url,
        status_code: status || undefined,
        duration_ms: Math.round(performance.now() - startMs),
        response_body_size: +(size as number) || undefined,
        reason,
      },
    }),
  )
}
