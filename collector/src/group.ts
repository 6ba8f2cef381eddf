import { createHash } from 'node:crypto'
import { cut } from './cut.ts'
import { headlineOf } from './headline.ts'
import type { ReceivedEvent, ReceivedException, ReceivedFrame } from './received-event.ts'

// The first cut of grouping: explicit fingerprint, else type and top in-app frame, else type and message.
// The algorithm's name is a part of the id, so that a later one makes groups of its own.
const ALGORITHM = 'top-frame:1'

export interface GroupedBy {
  algorithm: string
  reason: 'fingerprint' | 'resource' | 'frame' | 'message'
  /** What was compared, for people. */
  frames: string[]
}

export interface Grouping {
  /** The same for the same error in every collector and after every restart. */
  id: string
  title: string
  type: string
  value: string
  culprit: string
  groupedBy: GroupedBy
}

/** The group of an event, and how it reads in a list. */
export function groupOf(event: ReceivedEvent): Grouping {
  const root = event.exception?.values.at(-1)
  const { type, value } = headlineOf(event)
  const top = topFrame(root)
  const groupedBy = groupedByOf({ event, root, top, type, value })
  const key = JSON.stringify([ALGORITHM, groupedBy.reason, groupedBy.frames])
  return {
    id: createHash('sha256').update(key).digest('hex').slice(0, 16),
    title: titleOf(type, value),
    type,
    value,
    culprit: event.transaction ?? (top ? nameOf(top) : ''),
    groupedBy,
  }
}

interface Parts {
  event: ReceivedEvent
  root: ReceivedException | undefined
  top: ReceivedFrame | undefined
  type: string
  value: string
}

function groupedByOf(parts: Parts): GroupedBy {
  const { event, root, top, type, value } = parts
  if (event.fingerprint?.length && !event.fingerprint.every(isDefault)) {
    const byDefault = groupedByOf({ ...parts, event: { ...event, fingerprint: [] } }).frames
    return {
      algorithm: ALGORITHM,
      reason: 'fingerprint',
      frames: event.fingerprint.flatMap(part => (isDefault(part) ? byDefault : [part])),
    }
  }
  if (root?.mechanism?.type === 'resource')
    return { algorithm: ALGORITHM, reason: 'resource', frames: [type, moduleOf(resourceUrl(root) ?? value)] }
  if (top) return { algorithm: ALGORITHM, reason: 'frame', frames: [type, nameOf(top)] }
  return { algorithm: ALGORITHM, reason: 'message', frames: [type, parameterised(value)] }
}

const isDefault = (part: string): boolean => /^\{\{\s*default\s*\}\}$/.test(part)

/** The innermost frame that has a place, of the page's own code if there is one. */
function topFrame(exception: ReceivedException | undefined): ReceivedFrame | undefined {
  const placed = (exception?.stacktrace?.frames ?? []).filter(frame => frame.filename ?? frame.module)
  return placed.findLast(frame => frame.in_app) ?? placed.at(-1)
}

/** `function (module)`; never by column, and by line only when there is no name. */
function nameOf(frame: ReceivedFrame): string {
  const module = moduleOf(frame.module ?? frame.filename ?? '')
  const name = frame.function?.split('.').at(-1)
  if (name && name !== '?' && name !== '<anonymous>') return `${name} (${module})`
  return frame.lineno === undefined ? module : `${module}:${frame.lineno}`
}

/** A path without host, query and build hash, so that the same file of two releases is one module. */
function moduleOf(url: string): string {
  return url
    .replace(/[?#].*$/s, '')
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .replace(/[.-](?:[0-9a-f]{7,40}|(?=[\w-]{0,7}\d)[\w-]{8})(?=\.\w+$)/i, '')
}

/** What a failed `<img>`, `<script>` or `<link>` was to load, where the report says it. */
function resourceUrl(exception: ReceivedException): string | undefined {
  const { url, src, href } = exception.mechanism?.data ?? {}
  return [url, src, href].find(candidate => typeof candidate === 'string')
}

/** The message without what differs from one occurrence to the next; its first two lines. */
function parameterised(message: string): string {
  return cut(message, 1000)
    .split('\n', 2)
    .join('\n')
    .replace(/https?:\/\/[^\s"'<>)]+/g, '<url>')
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, '<uuid>')
    .replace(/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]{0,15}\d)[0-9a-f]{16,64}\b/gi, '<hex>')
    .replace(/\d+/g, '<n>')
}

function titleOf(type: string, value: string): string {
  const line = value.split('\n', 1)[0] ?? ''
  if (type === 'Message') return cut(line || '(no message)', 200)
  return cut(line ? `${type}: ${line}` : type, 200)
}
