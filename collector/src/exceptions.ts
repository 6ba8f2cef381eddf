import { boundObject, fieldsBut, MAX_TEXT_LENGTH, objectField, type Reading, textField } from './bound.ts'
import { isObject, type JsonObject } from './json.ts'
import { at, type Path, pathOf } from './marks.ts'
import type { ReceivedException, ReceivedFrame } from './received-event.ts'

const MAX_EXCEPTIONS = 50
const MAX_FRAMES = 100
const MAX_TYPE_LENGTH = 256
const MAX_NAME_LENGTH = 512
const MAX_URL_LENGTH = 2048
/** Of source around a frame's line, on each side. */
const MAX_CONTEXT_LINES = 20

// What is read by name; the rest is bounded as it is.
const EXCEPTION_FIELDS = new Set(['type', 'value', 'mechanism', 'stacktrace'])
const STACKTRACE_FIELDS = new Set(['frames'])
const FRAME_TEXTS = [
  ['function', MAX_NAME_LENGTH],
  ['filename', MAX_URL_LENGTH],
  ['abs_path', MAX_URL_LENGTH],
  ['module', MAX_NAME_LENGTH],
] as const
const CONTEXT_FIELDS = ['pre_context', 'post_context']
const FRAME_FIELDS = new Set([
  ...FRAME_TEXTS.map(([key]) => key as string),
  ...CONTEXT_FIELDS,
  ...['lineno', 'colno', 'in_app', 'vars'],
])

/** `exception` in its three spellings (`{values}`, a list, one object) as a list, trimmed; the captured error is last. */
export function readExceptions(input: unknown, reading: Reading): ReceivedException[] | undefined {
  if (input === undefined || input === null) return undefined
  const list = Array.isArray(input) ? input : isObject(input) ? (input.values ?? [input]) : undefined
  if (!Array.isArray(list)) {
    reading.marks.add(pathOf('exception'), { rule: '!invalid', kind: 'x' })
    return undefined
  }
  const path = pathOf('exception', 'values')
  const entries = list.filter(isObject)
  if (entries.length > MAX_EXCEPTIONS)
    reading.marks.add(path, { rule: '!limit', kind: 'x', length: list.length })
  return entries.slice(-MAX_EXCEPTIONS).map((entry, index) => readException(entry, at(path, index), reading))
}

function readException(input: JsonObject, path: Path | undefined, reading: Reading): ReceivedException {
  const { type, value, mechanism, stacktrace } = input
  const exception: ReceivedException = {
    ...boundObject(fieldsBut(EXCEPTION_FIELDS, input), path, reading),
    type: textField(type, MAX_TYPE_LENGTH, at(path, 'type'), reading) ?? '',
    value:
      textField(
        isObject(value) ? JSON.stringify(boundObject(value, path, reading)) : value,
        MAX_TEXT_LENGTH,
        at(path, 'value'),
        reading,
      ) ?? '',
  }
  const read = objectField(mechanism, at(path, 'mechanism'), reading)
  if (read) exception.mechanism = readMechanism(read)
  if (isObject(stacktrace)) exception.stacktrace = readStacktrace(stacktrace, at(path, 'stacktrace'), reading)
  return exception
}

function readMechanism(input: JsonObject): NonNullable<ReceivedException['mechanism']> {
  const { type, handled, source, exception_id, parent_id, data, ...others } = input
  return {
    ...others,
    type: typeof type === 'string' ? type : 'generic',
    ...(typeof handled === 'boolean' && { handled }),
    ...(typeof source === 'string' && { source }),
    ...(Number.isInteger(exception_id) && { exception_id: exception_id as number }),
    ...(Number.isInteger(parent_id) && { parent_id: parent_id as number }),
    ...(isObject(data) && { data }),
  }
}

function readStacktrace(
  input: JsonObject,
  path: Path | undefined,
  reading: Reading,
): NonNullable<ReceivedException['stacktrace']> {
  const { frames } = input
  const list = Array.isArray(frames) ? frames.filter(isObject) : []
  const framesPath = at(path, 'frames')
  if (list.length > MAX_FRAMES)
    reading.marks.add(framesPath, { rule: '!limit', kind: 'x', length: list.length })
  return {
    ...boundObject(fieldsBut(STACKTRACE_FIELDS, input), path, reading),
    // The innermost are the last.
    frames: list.slice(-MAX_FRAMES).map((frame, index) => readFrame(frame, at(framesPath, index), reading)),
  }
}

function readFrame(input: JsonObject, path: Path | undefined, reading: Reading): ReceivedFrame {
  const { lineno, colno, in_app, vars } = input
  const frame = boundObject(fieldsBut(FRAME_FIELDS, input), path, reading) as ReceivedFrame // it gets its `in_app` now
  frame.in_app = typeof in_app === 'boolean' && in_app
  for (const [key, maxLength] of FRAME_TEXTS) {
    const text = textField(input[key], maxLength, at(path, key), reading)
    if (text !== undefined) frame[key] = text
  }
  if (typeof in_app !== 'boolean') frame.in_app = !isForeign(frame.abs_path ?? frame.filename ?? '')
  const read = objectField(vars, at(path, 'vars'), reading)
  if (read) frame.vars = read
  for (const key of CONTEXT_FIELDS) {
    const lines = input[key]
    if (Array.isArray(lines)) frame[key] = readLines(lines, at(path, key), reading)
  }
  if (isPosition(lineno)) frame.lineno = lineno
  if (isPosition(colno)) frame.colno = colno
  return frame
}

const readLines = (lines: unknown[], path: Path | undefined, reading: Reading): string[] =>
  lines
    .slice(0, MAX_CONTEXT_LINES)
    .map((line, index) => textField(line, MAX_TEXT_LENGTH, at(path, index), reading) ?? '')

/** 1-based, as the wire has it; anything else is no place in a file. */
const isPosition = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

/** Some SDKs leave `in_app` to the backend. */
const isForeign = (url: string): boolean =>
  /[\\/]node_modules[\\/]|^node:|^(chrome|moz|safari(-web)?)-extension:/.test(url)
