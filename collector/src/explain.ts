import type { ReceivedEvent, ReceivedFrame } from './received-event.ts'
import type { ResolvedFrame } from './symbolication.ts'

// Why frames are as they are shown: for each, what was looked for, what was found, what to do.

export interface Explanation {
  /** As the browser saw it. */
  sent: string
  /** What it was resolved to; undefined where it was not. */
  shown: string | undefined
  lookedFor: string[]
  /** The name of what was found. */
  artifact: string | undefined
  reason: string | undefined
  advice: string | undefined
}

/** Of the event's exceptions, the captured one first: their frames, newest first. */
export function explain(event: ReceivedEvent): { title: string; frames: Explanation[] }[] {
  return (event.exception?.values ?? []).toReversed().map(({ type, value, stacktrace }) => ({
    title: [type, value].filter(Boolean).join(': '),
    // `as`: the symbolicator has made all of them.
    frames: ((stacktrace?.frames ?? []) as ResolvedFrame[]).toReversed().map(explanationOf),
  }))
}

function explanationOf(frame: ResolvedFrame): Explanation {
  const { status, looked_for, artifact, reason, advice } = frame.symbolication
  return {
    sent: placeOf(frame.raw),
    shown: status === 'resolved' ? placeOf(frame) : undefined,
    lookedFor: looked_for ?? [],
    artifact,
    reason,
    advice,
  }
}

const placeOf = ({ function: name, filename, lineno, colno }: Partial<ReceivedFrame>): string =>
  `${name || '(anonymous)'} ${[filename ?? '(no file)', lineno, colno].filter(part => part !== undefined).join(':')}`

/** The same as text. */
export function explanationText(event: ReceivedEvent): string {
  const blocks = explain(event).map(({ title, frames }) =>
    [title, ...frames.map(frameText)].join('\n').concat(frames.length ? '' : '\n  no stack came with it'),
  )
  return blocks.join('\n\n') || 'The event has no exception.'
}

function frameText({ sent, shown, lookedFor, artifact, reason, advice }: Explanation): string {
  const lines = [
    `  ${shown ?? sent}`,
    shown && `      sent as ${sent}`,
    ...lookedFor.map(key => `      looked for ${key}`),
    artifact && `      found ${artifact}`,
    reason && `      ${reason}`,
    advice && `      to do: ${advice}`,
  ]
  return lines.filter(Boolean).join('\n')
}
