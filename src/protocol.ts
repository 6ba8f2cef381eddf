// The wire: Sentry's envelope and event shapes as far as ohnoes uses them
// (https://develop.sentry.dev/sdk/data-model/), and the literals both sides need.
// The only file that crosses between the bundle, the collector and the plugin; it imports nothing.

export const SDK_NAME = 'ohnoes'
/** Equal to the version of every package here; `test/bundle.test.ts` compares them. */
export const VERSION = '0.1.0'

/** No event larger than this leaves the page or is stored, in bytes of UTF-8. */
export const MAX_EVENT_BYTES = 200 * 1024

/** What stands in the place of a secret. */
export const FILTERED = '[Filtered]'

// Words as facts about real leaks have them; `session` and `otp` only as words, since `inside` is not a secret.
/** A key whose value is a secret: it never leaves the page, and is never stored; a variable of such a name is never looked at. */
export const SECRET_KEY =
  /passw|secret|token|api[-_]?key|auth|credential|private_key|bearer|jwt|[cx]srf|cookie|(\b|_)(session(id)?|otp)(?![a-z])/i

export type Level = 'fatal' | 'error' | 'warning' | 'log' | 'info' | 'debug'

/** One call frame. `lineno` and `colno` are 1-based. On the wire frames are oldest first. */
export interface StackFrame {
  function?: string
  filename?: string
  lineno?: number
  colno?: number
  in_app: boolean
  /** WebAssembly: the offset in the module, as `0x1a2b`; such a frame has no line. */
  instruction_addr?: string
  vars?: Record<string, unknown>
}

/** Which build a file of the stack is from, for finding its source map. */
export interface DebugImage {
  type: 'sourcemap'
  code_file: string
  debug_id: string
}

/** How the exception reached us; with `exception_id` and `parent_id` it also draws the cause tree. */
export interface Mechanism {
  type: string
  handled: boolean
  /** The property of the parent that held this exception: `cause`, `errors[0]`, … */
  source?: string | undefined
  exception_id?: number
  parent_id?: number | undefined
  /** Own enumerable properties of the thrown object, a bounded copy. */
  data?: Record<string, unknown> | undefined
}

/**
 * A function that an exception has left, by its id in the build's table, and the values of its variables, a bounded
 * copy: in the order of the table, or by their names. Without values where the thrown thing was no Error.
 */
export type LocalsRecord = [id: string, values?: unknown]

export interface ExceptionValue {
  type: string
  value: string
  mechanism?: Mechanism
  /** Innermost first, unlike frames. */
  ohnoes_locals?: unknown
  stacktrace?: { frames: StackFrame[] } | undefined
}

export interface Breadcrumb {
  type?: string
  category?: string
  level?: Level
  message?: string
  data?: Record<string, unknown>
  /** Seconds since the epoch. */
  timestamp?: number
}

export interface User {
  id?: string | number
  email?: string
  username?: string
  ip_address?: string
  [key: string]: unknown
}

export type Primitive = string | number | boolean | bigint | symbol | null | undefined
export type Contexts = Record<string, Record<string, unknown>>

export interface Event {
  event_id: string
  /** When it occurred, in seconds since the epoch. */
  timestamp: number
  platform: 'javascript'
  level?: Level
  message?: string
  /** Innermost cause first, the captured error last. */
  exception?: { values: ExceptionValue[] }
  release?: string | undefined
  dist?: string | undefined
  environment?: string
  transaction?: string
  request?: { url?: string; headers?: Record<string, string> }
  user?: User | null
  tags?: Record<string, Primitive>
  extra?: Record<string, unknown>
  contexts?: Contexts
  breadcrumbs?: Breadcrumb[]
  fingerprint?: string[]
  debug_meta?: { images: DebugImage[] }
  sdk?: { name: string; version: string }
  /** What was cut and how long it was, mirroring the shape of the event. */
  _meta?: Meta
}

/** What the header of an envelope says, as `ohnoes`, of its event. */
export interface SampleClaim {
  /** The session. */
  sid: string
  /** The client's fingerprint. */
  fp: string
  /** The threshold variable of both, in [0, 1). */
  u: number
  /** The rate under which it was kept: u < p ≤ 1. */
  p: number
  /** How many occurrences in this session the event stands for. */
  n: number
}

/** A node of `_meta`: the key `''` holds the remark on the value at this place, other keys descend. */
export interface Meta {
  ''?: { len?: number; rem?: [rule: string, kind: 'x' | 's'][] }
  [key: string]: Meta | Meta['']
}

/**
 * One item of Sentry's `trace_metric`; of those ohnoes sends web vitals. Its identity is the attribute `id`: sent
 * again with a later `timestamp` it takes the place of what was there.
 */
export interface Metric {
  /** When the value was what it is, in seconds since the epoch. */
  timestamp: number
  /** One for each view of a page, 32 hex digits. */
  trace_id: string
  /** `browser.web_vital.lcp`. */
  name: string
  type: 'distribution'
  /** CLS has none. */
  unit: 'millisecond' | 'none'
  value: number
  /** `page` and `weight` are always there. */
  attributes: Record<string, { value: string | number; type: 'string' | 'double' }>
}
