import { boundObject, MAX_TEXT_LENGTH, objectField, type Reading, textField } from './bound.ts'
import { isObject, type JsonObject } from './json.ts'
import type { Path } from './marks.ts'
import type { ReceivedException, ReceivedFrame } from './received-event.ts'

const MAX_EXCEPTIONS = 50
const MAX_FRAMES = 100
const MAX_TYPE_LENGTH = 256
const MAX_NAME_LENGTH = 512
const MAX_URL_LENGTH = 2048
/** Of source around a frame's line, on each side. */
const MAX_CONTEXT_LINES = 20

/** `exception` in its three spellings (`{values}`, a list, one object) as a list, trimmed; the captured error is last. */
export function readExceptions(input: unknown, reading: Reading): ReceivedException[] | undefined {
  if (input === undefined || input === null) return undefined
  const list = Array.isArray(input) ? input : isObject(input) ? (input.values ?? [input]) : undefined
  if (!Array.isArray(list)) {
    reading.marks.add(['exception'], { rule: '!invalid', kind: 'x' })
    return undefined
  }
  const path = ['exception', 'values']
  const entries = list.filter(isObject)
  if (entries.length > MAX_EXCEPTIONS)
    reading.marks.add(path, { rule: '!limit', kind: 'x', length: list.length })
  return entries.slice(-MAX_EXCEPTIONS).map((entry, index) => readException(entry, [...path, index], reading))
}

function readException(input: JsonObject, path: Path, reading: Reading): ReceivedException {
  const { type, value, mechanism, stacktrace, ...others } = input
  const exception: ReceivedException = {
    ...boundObject(others, path, reading),
    type: textField(type, MAX_TYPE_LENGTH, [...path, 'type'], reading) ?? '',
    value:
      textField(
        isObject(value) ? JSON.stringify(boundObject(value, path, reading)) : value,
        MAX_TEXT_LENGTH,
        [...path, 'value'],
        reading,
      ) ?? '',
  }
  const read = objectField(mechanism, [...path, 'mechanism'], reading)
  if (read) exception.mechanism = readMechanism(read)
  if (isObject(stacktrace))
    exception.stacktrace = readStacktrace(stacktrace, [...path, 'stacktrace'], reading)
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
  path: Path,
  reading: Reading,
): NonNullable<ReceivedException['stacktrace']> {
  const { frames, ...others } = input
  const list = Array.isArray(frames) ? frames.filter(isObject) : []
  const framesPath = [...path, 'frames']
  if (list.length > MAX_FRAMES)
    reading.marks.add(framesPath, { rule: '!limit', kind: 'x', length: list.length })
  return {
    ...boundObject(others, path, reading),
    // The innermost are the last.
    frames: list.slice(-MAX_FRAMES).map((frame, index) => readFrame(frame, [...framesPath, index], reading)),
  }
}

function readFrame(input: JsonObject, path: Path, reading: Reading): ReceivedFrame {
  const {
    function: name,
    filename,
    abs_path,
    module,
    lineno,
    colno,
    in_app,
    vars,
    pre_context,
    post_context,
    ...others
  } = input
  const texts = {
    function: textField(name, MAX_NAME_LENGTH, [...path, 'function'], reading),
    filename: textField(filename, MAX_URL_LENGTH, [...path, 'filename'], reading),
    abs_path: textField(abs_path, MAX_URL_LENGTH, [...path, 'abs_path'], reading),
    module: textField(module, MAX_NAME_LENGTH, [...path, 'module'], reading),
  }
  const frame: ReceivedFrame = {
    ...boundObject(others, path, reading),
    in_app: typeof in_app === 'boolean' ? in_app : !isForeign(texts.abs_path ?? texts.filename ?? ''),
  }
  for (const [key, text] of Object.entries(texts)) if (text !== undefined) frame[key] = text
  const read = objectField(vars, [...path, 'vars'], reading)
  if (read) frame.vars = read
  for (const [key, lines] of Object.entries({ pre_context, post_context }))
    if (Array.isArray(lines)) frame[key] = readLines(lines, [...path, key], reading)
  if (isPosition(lineno)) frame.lineno = lineno
  if (isPosition(colno)) frame.colno = colno
  return frame
}

const readLines = (lines: unknown[], path: Path, reading: Reading): string[] =>
  lines
    .slice(0, MAX_CONTEXT_LINES)
    .map((line, index) => textField(line, MAX_TEXT_LENGTH, [...path, index], reading) ?? '')

/** 1-based, as the wire has it; anything else is no place in a file. */
const isPosition = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

/** Some SDKs leave `in_app` to the backend. */
const isForeign = (url: string): boolean =>
  /[\\/]node_modules[\\/]|^node:|^(chrome|moz|safari(-web)?)-extension:/.test(url)
