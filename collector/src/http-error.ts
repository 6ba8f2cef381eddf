import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Expected bad input, returned by the readers of a request: what to answer and why. */
export interface Refusal {
  ok: false
  status: 400 | 413
  code: string
  /** What is wrong, the value, what to do. */
  message: string
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
