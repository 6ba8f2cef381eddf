import type { ReceivedEvent, ReceivedFrame } from './received-event.ts'
import { isObject } from './json.ts'

export interface ResolvedFrame extends ReceivedFrame {
  /** The frame as the browser saw it. */
  raw: Pick<ReceivedFrame, 'filename' | 'lineno' | 'colno' | 'function'>
  symbolication: { status: 'none'; reason: string }
}

/** The event with its frames resolved where they can be, which for now is nowhere: each frame says why. */
export function symbolicated(event: ReceivedEvent): ReceivedEvent {
  if (!event.exception) return event
  const debugIds = debugIdsOf(event)
  const resolve = (frame: ReceivedFrame): ResolvedFrame => {
    const { filename, lineno, colno, function: name } = frame
    const debugId = debugIds.get(frame.abs_path ?? '') ?? debugIds.get(filename ?? '')
    return {
      ...frame,
      raw: {
        ...(filename !== undefined && { filename }),
        ...(lineno !== undefined && { lineno }),
        ...(colno !== undefined && { colno }),
        ...(name !== undefined && { function: name }),
      },
      symbolication: {
        status: 'none',
        reason: debugId === undefined ? 'no debug id' : `no source map for debug id ${debugId}`,
      },
    }
  }
  const values = event.exception.values.map(exception =>
    exception.stacktrace
      ? {
          ...exception,
          stacktrace: { ...exception.stacktrace, frames: exception.stacktrace.frames.map(resolve) },
        }
      : exception,
  )
  return { ...event, exception: { ...event.exception, values } }
}

function debugIdsOf({ debug_meta }: ReceivedEvent): Map<string, string> {
  const images =
    isObject(debug_meta) && Array.isArray(debug_meta.images) ? debug_meta.images.filter(isObject) : []
  return new Map(
    images.flatMap(({ code_file, debug_id }) =>
      typeof code_file === 'string' && typeof debug_id === 'string' ? [[code_file, debug_id]] : [],
    ),
  )
}
