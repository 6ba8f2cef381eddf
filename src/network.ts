import { copy, getOwnPropertyDescriptor, tagOf } from './copy.ts'
import { record } from './crumbs.ts'
import { guard } from './guard.ts'
import { patch } from './patch.ts'

/** What came of a request: a response or XMLHttpRequest, and the event or error that ended it. */
type End = (
  answer: { status?: number; headers?: Headers },
  how: { type?: string; name?: string; loaded?: unknown },
) => void

const ends = new WeakMap<object, End>()

/** Records requests once they are over, and the close codes of sockets: where to and how it went, never what was in. */
export function watchNetwork(): void {
  patch(self, 'fetch', (_, [input, init]) => {
    const { method, url } = (input instanceof Request ? input : { method: 'GET', url: input }) as Request
    // No getter of the page is run.
    const own = init ? getOwnPropertyDescriptor(init, 'method') : undefined
    const end = begin('fetch', (own && own.value) || method, url)
    // The page gets the derived promise, so that a rejection that nobody handles stays its own.
    return (promise: Promise<Response>) =>
      tagOf(promise) == 'Promise' &&
      promise.then(
        response => {
          end(response, { name: 'load' })
          return response
        },
        error => {
          end({}, Object(error))
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
      guard(({ code }: CloseEvent) => record({ category: 'websocket', data: { url: socket.url, code } })),
    )
  })
}

function onXhrEnd(event: ProgressEvent): void {
  const xhr = event.target as XMLHttpRequest
  ends.get(xhr)!(xhr, event)
}

function begin(category: 'fetch' | 'xhr', method: unknown, target: unknown): End {
  // What a data: URL holds is no address; of what is neither text nor URL nothing is known without running it.
  const url = `${copy(target instanceof URL ? target.href : target, 0)}`.replace(/^data:[^]*/, 'data:')
  const startMs = performance.now()
  return guard(
    (
      { status = 0, headers },
      { type = 'error', name = type, loaded = headers && headers.get('content-length') },
    ) => {
      const reason = name == 'load' ? undefined : name
      record({
        type: 'http',
        category,
        level: reason || status > 499 ? 'error' : status > 399 ? 'warning' : 'info',
        data: {
          method: copy(method, 0),
          url,
          status_code: status || undefined,
          duration_ms: Math.round(performance.now() - startMs),
          response_body_size: +(loaded as number) || undefined,
          reason,
        },
      })
    },
  )
}
