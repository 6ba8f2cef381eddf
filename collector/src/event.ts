import { randomUUID } from 'node:crypto'
import type { Breadcrumb, Level } from 'ohnoes/protocol'
import { bound, boundObject, MAX_DEPTH, MAX_TEXT_LENGTH, objectField, textField } from './bound.ts'
import { quote } from './cut.ts'
import { capSize } from './event-size.ts'
import { readExceptions } from './exceptions.ts'
import type { Refusal } from './http-error.ts'
import { isObject, type JsonObject, readJson } from './json.ts'
import { Marks } from './marks.ts'
import type { ReceivedEvent } from './received-event.ts'
import { clockDriftS, occurredAtS, readSeconds } from './timestamp.ts'

const MAX_BREADCRUMBS = 100
const MAX_TAGS = 50
const MAX_TAG_KEY_LENGTH = 32
const MAX_TAG_VALUE_LENGTH = 200
const MAX_FINGERPRINT_PARTS = 20
/** The deepest path: exception, values, n, stacktrace, frames, n, vars and six levels of data. */
const MAX_META_DEPTH = 16
const LEVELS: readonly string[] = ['fatal', 'error', 'warning', 'log', 'info', 'debug'] satisfies Level[]

/** Short text fields and the most characters each may have (Relay's figures). */
const NAMES = { release: 250, dist: 64, environment: 64, transaction: 200, server_name: 256, logger: 64 }

export type ParsedEvent = { ok: true; event: ReceivedEvent } | Refusal

/** Reads an event item. Only what is not a JSON object is refused; what is odd or too large is put right and marked. */
export function parseEvent(
  payload: Uint8Array,
  { header, receivedMs }: { header: JsonObject; receivedMs: number },
): ParsedEvent {
  const json = readJson(payload)
  if (!json.ok)
    return refuse(
      'invalid_event_json',
      `The event is not JSON: ${quote(json.text)} (${json.cause}). Send one JSON object.`,
    )
  if (!isObject(json.value))
    return refuse('invalid_event', `The event is ${quote(json.value)}: send a JSON object.`)
  const input = json.value
  const marks = new Marks()
  const driftS = clockDriftS(header.sent_at, receivedMs)
  const { _meta, event_id, timestamp, platform, level, ...fields } = input

  const event: ReceivedEvent = {
    ...readFields(fields, marks),
    event_id: readEventId(event_id) ?? readEventId(header.event_id) ?? randomUUID().replaceAll('-', ''),
    timestamp: occurredAtS(timestamp, { receivedMs, driftS, marks, path: ['timestamp'] }),
    platform: textField(platform, 64, ['platform'], marks) ?? 'other',
    level: readLevel(level, marks),
  }
  for (const crumb of event.breadcrumbs ?? []) if (crumb.timestamp !== undefined) crumb.timestamp += driftS
  capSize(event, marks)
  const meta = marks.toMeta(isObject(_meta) ? boundObject(_meta, [], new Marks(), MAX_META_DEPTH) : {})
  if (meta) event._meta = meta
  return { ok: true, event }
}

/** 32 lower-case hex digits from any spelling of an event id; undefined if it is none. */
export function readEventId(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const hex = value.replaceAll('-', '').toLowerCase()
  return /^[0-9a-f]{32}$/.test(hex) ? hex : undefined
}

function readFields(input: JsonObject, marks: Marks): Partial<ReceivedEvent> {
  const {
    message,
    logentry,
    exception,
    breadcrumbs,
    tags,
    user,
    request,
    extra,
    contexts,
    fingerprint,
    ...others
  } = input
  const fields: Partial<ReceivedEvent> = {}
  for (const [key, maxLength] of Object.entries(NAMES)) {
    const text = textField(others[key], maxLength, [key], marks)
    if (text !== undefined) fields[key] = text
    delete others[key]
  }
  Object.assign(fields, boundObject(others, [], marks, MAX_DEPTH + 1))
  const text = readMessage(message ?? logentry, marks)
  if (text !== undefined) fields.message = text
  const exceptions = readExceptions(exception, marks)
  if (exceptions?.length) fields.exception = { values: exceptions }
  const crumbs = readBreadcrumbs(breadcrumbs, marks)
  if (crumbs) fields.breadcrumbs = crumbs
  const tagged = readTags(tags, marks)
  if (tagged) fields.tags = tagged
  for (const [key, value] of Object.entries({ user, request, extra, contexts })) {
    const read = objectField(value, [key], marks)
    if (read) fields[key] = read
  }
  // An instruction to a backend that records addresses; ours does not.
  if (fields.user?.ip_address === '{{auto}}') delete fields.user.ip_address
  if (Array.isArray(fingerprint))
    fields.fingerprint = fingerprint
      .slice(0, MAX_FINGERPRINT_PARTS)
      .flatMap((part, index) => textField(part, MAX_TAG_VALUE_LENGTH, ['fingerprint', index], marks) ?? [])
  return fields
}

function readLevel(value: unknown, marks: Marks): Level {
  if (typeof value === 'string' && LEVELS.includes(value)) return value as Level // one of LEVELS, just tested
  if (value !== undefined && value !== null) marks.add(['level'], { rule: '!invalid', kind: 's' })
  return 'error'
}

/** Text, or `{formatted, message}` as older SDKs and `logentry` have it. */
function readMessage(value: unknown, marks: Marks): string | undefined {
  const text = isObject(value) ? (value.formatted ?? value.message) : value
  return textField(text, MAX_TEXT_LENGTH, ['message'], marks)
}

function readBreadcrumbs(value: unknown, marks: Marks): Breadcrumb[] | undefined {
  const list = isObject(value) ? value.values : value
  if (!Array.isArray(list)) return undefined
  const entries = list.filter(isObject)
  if (entries.length > MAX_BREADCRUMBS)
    marks.add(['breadcrumbs'], { rule: '!limit', kind: 'x', length: entries.length })
  return entries.slice(-MAX_BREADCRUMBS).map((entry, index) => {
    const crumb = bound(entry, ['breadcrumbs', index], marks) as JsonObject // an object stays one
    const seconds = readSeconds(crumb.timestamp)
    if (seconds === undefined) delete crumb.timestamp
    else crumb.timestamp = seconds
    for (const key of ['type', 'category', 'message', 'level'])
      if (crumb[key] !== undefined && typeof crumb[key] !== 'string') crumb[key] = JSON.stringify(crumb[key])
    if (crumb.data !== undefined && !isObject(crumb.data)) crumb.data = { value: crumb.data }
    return crumb
  })
}

/** Tags as an object of texts, from an object or from the older list of pairs. */
function readTags(value: unknown, marks: Marks): Record<string, string> | undefined {
  const pairs: unknown[] = Array.isArray(value) ? value : isObject(value) ? Object.entries(value) : []
  const tags: Record<string, string> = {}
  let count = 0
  for (const pair of pairs) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string' || pair[0] === '__proto__') continue
    const key = pair[0].toWellFormed()
    if (key.length > MAX_TAG_KEY_LENGTH || ++count > MAX_TAGS) {
      marks.add(['tags', key.slice(0, MAX_TAG_KEY_LENGTH)], { rule: '!limit', kind: 'x' })
      continue
    }
    const text = textField(pair[1], MAX_TAG_VALUE_LENGTH, ['tags', key], marks)
    if (text !== undefined) tags[key] = text
  }
  return count ? tags : undefined
}

const refuse = (code: string, message: string): Refusal => ({ ok: false, status: 400, code, message })
