import type { Breadcrumb, ExceptionValue, Level, Mechanism, Meta, StackFrame } from 'ohnoes/protocol'
import type { JsonObject } from './json.ts'

// What event.ts makes of a report, and what is stored: Sentry's event shape, with fields we do not know kept.

/** A frame as any Sentry SDK sends it. */
export interface ReceivedFrame extends StackFrame {
  abs_path?: string
  module?: string
  [key: string]: unknown
}

export interface ReceivedException extends Omit<ExceptionValue, 'mechanism' | 'stacktrace'> {
  mechanism?: Omit<Mechanism, 'handled'> & { handled?: boolean; [key: string]: unknown }
  stacktrace?: { frames: ReceivedFrame[]; [key: string]: unknown }
  [key: string]: unknown
}

/** An event of any Sentry SDK, validated and trimmed; fields we do not know are kept. */
export interface ReceivedEvent {
  event_id: string
  /** When it occurred, in seconds since the epoch, by our clock. */
  timestamp: number
  platform: string
  level: Level
  message?: string
  exception?: { values: ReceivedException[] }
  release?: string
  dist?: string
  environment?: string
  transaction?: string
  request?: JsonObject
  user?: JsonObject
  tags?: Record<string, string>
  extra?: JsonObject
  contexts?: JsonObject
  breadcrumbs?: Breadcrumb[]
  fingerprint?: string[]
  _meta?: Meta
  [key: string]: unknown
}
