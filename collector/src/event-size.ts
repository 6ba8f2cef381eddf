import { MAX_EVENT_BYTES } from 'ohnoes/protocol'
import { cut } from './cut.ts'
import type { ReceivedEvent, ReceivedFrame } from './received-event.ts'
import { isObject, type JsonObject } from './json.ts'
import { at, type Marks, type Path, pathOf } from './marks.ts'

/** Read and written anew, no event grows tenfold. */
const SURELY_SMALL_BYTES = MAX_EVENT_BYTES / 10
const FEWER_FRAMES = [50, 10]
const MAX_LAST_FRAMES = 10
const MAX_LAST_EXCEPTIONS = 3
const MAX_LAST_TEXT_LENGTH = 256

/** Fields by which an event is found and named; they are bounded, and go last. */
const KEPT = new Set([
  'event_id',
  'timestamp',
  'platform',
  'level',
  'message',
  'exception',
  'release',
  'dist',
])
const KEPT_TOO = new Set([
  'environment',
  'transaction',
  'request',
  'tags',
  'breadcrumbs',
  'sdk',
  'fingerprint',
])

interface Droppable {
  owner: JsonObject
  key: string
  path: Path | undefined
  bytes: number
}

/** Brings an event down to `MAX_EVENT_BYTES` (`_meta` aside) by dropping the largest things first. */
export function capSize(
  event: ReceivedEvent,
  { sentBytes, marks }: { sentBytes: number; marks: Marks },
): void {
  if (sentBytes < SURELY_SMALL_BYTES) return
  let bytes = sizeOf(event)
  if (bytes <= MAX_EVENT_BYTES) return
  for (const { owner, key, path, bytes: freed } of droppables(event).sort((a, b) => b.bytes - a.bytes)) {
    delete owner[key]
    marks.add(at(path, key), { rule: '!limit', kind: 'x' })
    bytes -= freed
    if (bytes <= MAX_EVENT_BYTES) return
  }
  for (const maxFrames of FEWER_FRAMES) {
    if (sizeOf(event) <= MAX_EVENT_BYTES) return
    cutFrames(event, maxFrames, marks)
  }
  if (sizeOf(event) > MAX_EVENT_BYTES) keepEssentials(event, marks)
}

/** The frames of every exception down to the innermost few. */
function cutFrames(event: ReceivedEvent, maxFrames: number, marks: Marks): void {
  event.exception?.values.forEach(({ stacktrace }, index) => {
    if (!stacktrace || stacktrace.frames.length <= maxFrames) return
    const path = pathOf('exception', 'values', index, 'stacktrace', 'frames')
    marks.add(path, { rule: '!limit', kind: 'x', length: stacktrace.frames.length })
    stacktrace.frames = stacktrace.frames.slice(-maxFrames)
  })
}

function droppables(event: ReceivedEvent): Droppable[] {
  const found: Droppable[] = []
  const add = (owner: unknown, path: Path | undefined, isWanted: (key: string) => boolean): void => {
    if (!isObject(owner)) return
    for (const key of Object.keys(owner).filter(isWanted))
      found.push({ owner, key, path, bytes: sizeOf(owner[key]) + key.length + 4 })
  }
  const nested = new Set(['extra', 'contexts'])
  add(event, undefined, key => !KEPT.has(key) && !KEPT_TOO.has(key) && !nested.has(key))
  for (const key of nested) add(event[key], pathOf(key), () => true)
  add(event.request, pathOf('request'), key => key !== 'url')
  event.breadcrumbs?.forEach((crumb, index) =>
    add(crumb, pathOf('breadcrumbs', index), key => key === 'data'),
  )
  event.exception?.values.forEach((exception, index) => {
    const path = pathOf('exception', 'values', index)
    add(exception, path, key => !['type', 'value', 'stacktrace', 'mechanism'].includes(key))
    add(exception.mechanism, at(path, 'mechanism'), key => key === 'data')
    exception.stacktrace?.frames.forEach((frame, n) =>
      add(
        frame,
        pathOf('exception', 'values', index, 'stacktrace', 'frames', n),
        key => !(key in locationOf(frame)),
      ),
    )
  })
  return found
}

/** What is left when that was not enough: bounded in every field, so far below the cap. */
function keepEssentials(event: ReceivedEvent, marks: Marks): void {
  for (const key of Object.keys(event)) if (!KEPT.has(key)) delete event[key]
  if (typeof event.message === 'string') event.message = cut(event.message, MAX_LAST_TEXT_LENGTH)
  const exceptions = event.exception?.values ?? []
  if (event.exception)
    event.exception.values = exceptions.slice(-MAX_LAST_EXCEPTIONS).map(exception => ({
      type: exception.type,
      value: cut(exception.value, MAX_LAST_TEXT_LENGTH),
      stacktrace: { frames: (exception.stacktrace?.frames ?? []).slice(-MAX_LAST_FRAMES).map(locationOf) },
    }))
  marks.add(undefined, { rule: '!limit', kind: 'x' })
}

function locationOf(frame: ReceivedFrame): ReceivedFrame {
  const { function: name, filename, lineno, colno, in_app } = frame
  return {
    in_app,
    ...(name !== undefined && { function: cut(name, MAX_LAST_TEXT_LENGTH) }),
    ...(filename !== undefined && { filename: cut(filename, MAX_LAST_TEXT_LENGTH) }),
    ...(lineno !== undefined && { lineno }),
    ...(colno !== undefined && { colno }),
  }
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')
