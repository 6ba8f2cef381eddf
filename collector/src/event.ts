import { randomUUID } from 'node:crypto'
import { type Breadcrumb, FILTERED, type Level } from 'ohnoes/protocol'
import {
  bound,
  boundObject,
  fieldsBut,
  MAX_DEPTH,
  MAX_TEXT_LENGTH,
  namesAreNoSecrets,
  objectField,
  type Reading,
  textField,
} from './bound.ts'
import { quote } from './cut.ts'
import { capSize } from './event-size.ts'
import { readExceptions } from './exceptions.ts'
import type { Refusal } from './http-error.ts'
import { isObject, type JsonObject, readJson } from './json.ts'
import { Marks, pathOf } from './marks.ts'
import type { ReceivedEvent } from './received-event.ts'
import type { Scrubber } from './scrub.ts'
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
/** All fields that are looked at one by one; the rest is bounded as it is. */
const READ_BY_NAME = new Set([
  ...['_meta', 'event_id', 'timestamp', 'platform', 'level', ...Object.keys(NAMES)],
  ...['message', 'logentry', 'exception', 'breadcrumbs', 'tags', 'user', 'request', 'extra', 'contexts'],
  ...['fingerprint', 'modules'],
])

export interface EventSource {
  /** Of the envelope. */
  header: JsonObject
  receivedMs: number
  scrubber: Scrubber
  /** Makes an event of what is none yet. */
  adapt?: ((input: JsonObject) => JsonObject) | undefined
}

export type ParsedEvent = { ok: true; event: ReceivedEvent } | Refusal

/**
 * Reads an event item. Only what is not a JSON object is refused; what is odd or too large is put right and
 * marked, and what is secret is taken out.
 */
export function parseEvent(
  payload: Uint8Array,
  { header, receivedMs, scrubber, adapt = input => input }: EventSource,
): ParsedEvent {
  const json = readJson(payload)
  if (!json.ok)
    return refuse(
      'invalid_event_json',
      `The event is not JSON: ${quote(json.text)} (${json.cause}). Send one JSON object.`,
    )
  if (!isObject(json.value))
    return refuse('invalid_event', `The event is ${quote(json.value)}: send a JSON object.`)
  const input = adapt(json.value)
  const marks = new Marks()
  const reading = { marks, scrubber }
  const driftS = clockDriftS(header.sent_at, receivedMs)
  const { _meta, event_id, timestamp, platform, level } = input

  const event: ReceivedEvent = {
    ...readFields(input, reading),
    event_id: readEventId(event_id) ?? readEventId(header.event_id) ?? randomUUID().replaceAll('-', ''),
    timestamp: occurredAtS(timestamp, { receivedMs, driftS, marks, path: pathOf('timestamp') }),
    platform: textField(platform, 64, pathOf('platform'), reading) ?? 'other',
    level: readLevel(level, reading),
  }
  for (const crumb of event.breadcrumbs ?? []) if (crumb.timestamp !== undefined) crumb.timestamp += driftS
  capSize(event, { sentBytes: payload.byteLength, marks })
  const meta = marks.toMeta(readMeta(_meta, scrubber))
  if (meta) event._meta = meta
  return { ok: true, event }
}

/** 32 lower-case hex digits from any spelling of an event id; undefined if it is none. */
export function readEventId(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const hex = value.replaceAll('-', '').toLowerCase()
  return /^[0-9a-f]{32}$/.test(hex) ? hex : undefined
}

function readFields(input: JsonObject, reading: Reading): Partial<ReceivedEvent> {
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
    modules,
  } = input
  const fields: Partial<ReceivedEvent> = {}
  for (const [key, maxLength] of Object.entries(NAMES)) {
    const text = textField(input[key], maxLength, pathOf(key), reading)
    if (text !== undefined) fields[key] = text
  }
  // Keys are names of packages, `jsonwebtoken` among them.
  const packages = objectField(modules, pathOf('modules'), namesAreNoSecrets(reading))
  if (packages) fields.modules = packages
  Object.assign(fields, boundObject(fieldsBut(READ_BY_NAME, input), undefined, reading, MAX_DEPTH + 1))
  const text = readMessage(message ?? logentry, reading)
  if (text !== undefined) fields.message = text
  const exceptions = readExceptions(exception, reading)
  if (exceptions?.length) fields.exception = { values: exceptions }
  const crumbs = readBreadcrumbs(breadcrumbs, reading)
  if (crumbs) fields.breadcrumbs = crumbs
  const tagged = readTags(tags, reading)
  if (tagged) fields.tags = tagged
  for (const [key, value] of Object.entries({ user, request, extra, contexts })) {
    const read = objectField(value, pathOf(key), reading)
    if (read) fields[key] = read
  }
  // An instruction to a backend that records addresses; ours does not.
  if (fields.user?.ip_address === '{{auto}}') delete fields.user.ip_address
  if (Array.isArray(fingerprint))
    fields.fingerprint = fingerprint
      .slice(0, MAX_FINGERPRINT_PARTS)
      .flatMap(
        (part, index) => textField(part, MAX_TAG_VALUE_LENGTH, pathOf('fingerprint', index), reading) ?? [],
      )
  return fields
}

function readLevel(value: unknown, reading: Reading): Level {
  if (typeof value === 'string' && LEVELS.includes(value)) return value as Level // one of LEVELS, just tested
  if (value !== undefined && value !== null)
    reading.marks.add(pathOf('level'), { rule: '!invalid', kind: 's' })
  return 'error'
}

/** What the client says about its event, of whose fields the keys are the names. */
const readMeta = (value: unknown, scrubber: Scrubber): JsonObject =>
  isObject(value)
    ? boundObject(value, undefined, namesAreNoSecrets({ marks: new Marks(), scrubber }), MAX_META_DEPTH)
    : {}

/** Text, or `{formatted, message}` as older SDKs and `logentry` have it. */
function readMessage(value: unknown, reading: Reading): string | undefined {
  const text = isObject(value) ? (value.formatted ?? value.message) : value
  return textField(text, MAX_TEXT_LENGTH, pathOf('message'), reading)
}

function readBreadcrumbs(value: unknown, reading: Reading): Breadcrumb[] | undefined {
  const list = isObject(value) ? value.values : value
  if (!Array.isArray(list)) return undefined
  const entries = list.filter(isObject)
  if (entries.length > MAX_BREADCRUMBS)
    reading.marks.add(pathOf('breadcrumbs'), { rule: '!limit', kind: 'x', length: entries.length })
  return entries.slice(-MAX_BREADCRUMBS).map((entry, index) => {
    const crumb = bound(entry, pathOf('breadcrumbs', index), reading) as JsonObject // an object stays one
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
function readTags(value: unknown, reading: Reading): Record<string, string> | undefined {
  const pairs: unknown[] = Array.isArray(value) ? value : isObject(value) ? Object.entries(value) : []
  const tags: Record<string, string> = {}
  let count = 0
  for (const pair of pairs) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string' || pair[0] === '__proto__') continue
    const key = pair[0].toWellFormed()
    if (key.length > MAX_TAG_KEY_LENGTH || ++count > MAX_TAGS) {
      reading.marks.add(pathOf('tags', key.slice(0, MAX_TAG_KEY_LENGTH)), { rule: '!limit', kind: 'x' })
      continue
    }
    const text = textField(pair[1], MAX_TAG_VALUE_LENGTH, pathOf('tags', key), reading)
    if (text !== undefined) tags[key] = reading.scrubber.isSecretKey(key) ? FILTERED : text
  }
  return count ? tags : undefined
}

const refuse = (code: string, message: string): Refusal => ({ ok: false, status: 400, code, message })
