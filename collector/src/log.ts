export interface LogEntry {
  level: 'info' | 'error'
  message: string
  cause?: unknown
  /** What else is worth a field of its own. */
  [field: string]: unknown
}

export type Log = (entry: LogEntry) => void

/** A log of one JSON object a line. */
export const createLog =
  (write: (line: string) => void): Log =>
  ({ level, message, cause, ...fields }) =>
    write(
      JSON.stringify({
        time: new Date().toISOString(),
        level,
        message,
        ...fields,
        ...(cause !== undefined && { cause: cause instanceof Error ? cause.stack : String(cause) }),
      }) + '\n',
    )
