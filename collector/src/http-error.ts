import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Expected bad input, returned by the readers of a request: what to answer and why. */
export interface Refusal {
  ok: false
  status: 400 | 413 | 503
  code: string
  /** What is wrong, the value, what to do. */
  message: string
  headers?: Record<string, string>
}

/** A reading that went well; a refusal is thrown. */
export function accepted<Result extends { ok: true }>(result: Result | Refusal): Result {
  if (result.ok) return result
  throw new HttpError(result.status, result.code, result.message, result.headers)
}

/** A fault that is not ours; the edge in app.ts answers it as `{"error": code, "message"}`. */
export class HttpError extends Error {
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly headers: Record<string, string>

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.name = 'HttpError'
    this.status = status
    this.code = code
    this.headers = headers
  }
}
