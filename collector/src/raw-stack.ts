import { hash } from 'node:crypto'
import { hashOf } from './group.ts'
import { isObject } from './json.ts'
import type { ReceivedEvent, ReceivedException, ReceivedFrame } from './received-event.ts'

// Frames are most of an event and the same in all events of one error of one build, so they are stored once for each
// distinct stack. What differs (a frame's variables) stays with the event, as `frame_vars` of the `stacktrace`.

export interface RawStack {
  id: string
  /** JSON: the frames of each of the event's exceptions, as they were sent. */
  frames: string
}

/** The event without its frames, and the frames; null where it has none. */
export function splitStack(event: ReceivedEvent): { rest: ReceivedEvent; stack: RawStack | null } {
  const values = event.exception?.values ?? []
  if (!values.some(({ stacktrace }) => stacktrace?.frames.length)) return { rest: event, stack: null }
  const frames = JSON.stringify(values.map(({ stacktrace }) => stacktrace?.frames.map(withoutVars) ?? []))
  return {
    rest: { ...event, exception: { ...event.exception, values: values.map(withoutFrames) } },
    stack: { id: hash('sha256', frames).slice(0, 32), frames },
  }
}

/** An event as the store has it. */
export function readStored({ payload, frames }: { payload: string; frames: string | null }): ReceivedEvent {
  const event = JSON.parse(payload) as ReceivedEvent // what event.ts made, and nobody else wrote
  return frames === null ? event : joinStack(event, frames)
}

/** The event with its frames again. */
export function joinStack(rest: ReceivedEvent, frames: string): ReceivedEvent {
  const stacks = JSON.parse(frames) as ReceivedFrame[][] // what splitStack made
  const values = rest.exception?.values.map((exception, index) => {
    if (!exception.stacktrace) return exception
    const { frame_vars, ...others } = exception.stacktrace
    const vars = isObject(frame_vars) ? frame_vars : {}
    const joined = stacks[index]?.map((frame, at) => {
      const own = vars[at]
      return isObject(own) ? { ...frame, vars: own } : frame
    })
    return { ...exception, stacktrace: { ...others, frames: joined ?? [] } }
  })
  return values ? { ...rest, exception: { ...rest.exception, values } } : rest
}

/**
 * What events are keyed by: the same group by the frames as they were sent, the same stack, the same build. So what
 * a source map that comes later makes of one of them, it makes of all, and they move to their new group together.
 */
export function rawFingerprintOf(event: ReceivedEvent, groupId: string, stack: RawStack | null): string {
  const { debug_meta, release = '', dist = '' } = event
  const images = isObject(debug_meta) && Array.isArray(debug_meta.images) ? debug_meta.images : []
  return hashOf([groupId, stack && [stack.id, images.length ? images : [release, dist]]])
}

function withoutVars(frame: ReceivedFrame): ReceivedFrame {
  if (frame.vars === undefined) return frame
  const { vars: _, ...others } = frame
  return others
}

function withoutFrames(exception: ReceivedException): ReceivedException {
  if (!exception.stacktrace) return exception
  const { frames, frame_vars: _, ...others } = exception.stacktrace
  const vars = Object.fromEntries(frames.flatMap((frame, at) => (frame.vars ? [[at, frame.vars]] : [])))
  // `as`: what is stored has no frames until they are joined.
  const stacktrace = { ...others, ...(Object.keys(vars).length && { frame_vars: vars }) } as NonNullable<
    ReceivedException['stacktrace']
  >
  return { ...exception, stacktrace }
}
