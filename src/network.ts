import { clean, read } from './copy.ts'
import { record } from './crumbs.ts'
import { attempt, guard } from './guard.ts'
import { patch } from './patch.ts'

const MAX_URL = 1024

type End = (status: number, reason?: unknown, size?: unknown) => void

const ends = new WeakMap<object, End>()

/** Records requests once they are over, and the close codes of sockets: where to and how it went, never what was in. */
export function watchNetwork(): void {
  patch(self, 'fetch', (_, [input, init]) => {
    const end = begin('fetch', (init && read(init, 'method')) || read(input, 'method') || 'GET', input)
    // The page gets the derived promise, so that a rejection that nobody handles stays its own; with what wrappers of
    // the page have put on the first one.
    return (promise: Promise<Response>) =>
      Object.assign(
        promise.then(
          response => {
            end(
              read(response, 'status') as number,
              undefined,
              attempt(() => response.headers.get('content-length')),
            )
            return response
          },
          error => {
            end(0, read(error, 'name'))
            throw error
          },
        ),
        promise,
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
        record({ category: 'websocket', data: { url: clean(socket.url, MAX_URL), code } }),
      ),
    )
  })
}

function onXhrEnd({ type, target, loaded }: ProgressEvent): void {
  ends.get(target!)!((target as XMLHttpRequest).status, type == 'load' ? undefined : type, loaded)
}

function begin(category: 'fetch' | 'xhr', method: unknown, target: unknown): End {
  // What a data: URL holds is no address.
  const url = clean(`${read(target, 'url') || target}`.replace(/^data:[^]*/, 'data:'), MAX_URL)
  const startMs = performance.now()
  return guard((status, reason, size) =>
    record({
      type: 'http',
      category,
      level: reason || status > 499 ? 'error' : status > 399 ? 'warning' : 'info',
      data: {
        method: clean(`${method}`, MAX_URL),
        url,
        status_code: status || undefined,
        duration_ms: Math.round(performance.now() - startMs),
        response_body_size: +(size as number) || undefined,
        reason,
      },
    }),
  )
}
