import { copy, getOwnPropertyDescriptor, read, tagOf } from './copy.ts'
import { record } from './crumbs.ts'
import { guard } from './guard.ts'
import { patch } from './patch.ts'

/** What came of a request: a response or XMLHttpRequest, why it failed, and the size of the answer. */
type End = (answer: { status?: number; headers?: Headers }, reason?: unknown, size?: unknown) => void

const ends = new WeakMap<object, End>()

/** Records requests once they are over, and the close codes of sockets: where to and how it went, never what was in. */
export function watchNetwork(): void {
  patch(self, 'fetch', (promise: Promise<Response>, _, [input, init]) => {
    const { method = 'GET', url = input } = (tagOf(input) == 'Request' ? input : {}) as Request
    // No getter of the page is run.
    const { value = method } = getOwnPropertyDescriptor(Object(init), 'method') || {}
    const end = begin('fetch', value, url)
    // The page gets the derived promise, so that a rejection that nobody handles stays its own.
    return (
      tagOf(promise) == 'Promise' &&
      promise.then(
        response => {
          end(response)
          return response
        },
        error => {
          end({}, copy(read(error, 'name'), 0) || 'error')
          throw error
        },
      )
    )
  })

  patch(XMLHttpRequest.prototype, 'open', (_, xhr, [method, url]) => {
    ends.set(xhr, begin('xhr', method, url))
    // The same function each time: it is added once, however often a request is opened.
    for (const type of 'load,error,abort,timeout'.split(','))
      (xhr as XMLHttpRequest).addEventListener(type as 'load', onXhrEnd)
  })

  patch(self, 'WebSocket', (socket: WebSocket) => {
    socket.addEventListener(
      'close',
      guard(({ code }: CloseEvent) => record('websocket', undefined, { url: socket.url, code })),
    )
  })
}

function onXhrEnd({ target, type, loaded }: ProgressEvent): void {
  ends.get(target!)!(target as XMLHttpRequest, type == 'load' ? undefined : type, loaded)
}

function begin(category: 'fetch' | 'xhr', method: unknown, target: unknown): End {
  // What a data: URL holds is no address.
  const url = `${copy(target, 0)}`.replace(/^data:[^]*/, 'data:')
  const startMs = performance.now()
  return guard(({ status, headers }, reason, size = headers && headers.get('content-length')) => {
    record(
      category,
      undefined,
      {
        method: copy(method, 0),
        url,
        status_code: status || undefined,
        duration_ms: performance.now() - startMs,
        response_body_size: +(size as number) || undefined,
        reason,
      },
      reason || status! > 399 ? 'error' : 'info',
      'http',
    )
  })
}
