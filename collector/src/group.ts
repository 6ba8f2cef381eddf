import { hash } from 'node:crypto'
import { countedFrames, type CountedFrame } from './counted-frames.ts'
import { cut } from './cut.ts'
import { headlineOf } from './headline.ts'
import { type KnownError, knownErrorOf } from './known-errors.ts'
import { messagePattern } from './message-pattern.ts'
import { moduleOf } from './module-name.ts'
import type { ReceivedEvent, ReceivedException } from './received-event.ts'

// Its name is a part of every id, so that a later algorithm makes groups of its own.
const ALGORITHM = 'places:2'
/** Causes past these are left out of the comparison. */
const MAX_CAUSES = 3
const MAX_VALUE_LENGTH = 1000

export interface GroupedBy {
  algorithm: string
  reason: 'fingerprint' | KnownError['reason'] | 'resource' | 'chain' | 'stack' | 'message'
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

/** The group of an event, whose frames may have been resolved, and how it reads in a list. */
export function groupOf(event: ReceivedEvent): Grouping {
  const root = event.exception?.values.at(-1)
  const { type, value } = headlineOf(event)
  const places = countedFrames(root?.stacktrace?.frames ?? [])
  const known = knownErrorOf(event)
  const byDefault = known ? grouped(known.reason, [known.title]) : byContent(event, places)
  const groupedBy = byFingerprint(event, byDefault) ?? byDefault
  return {
    id: hashOf([groupedBy.algorithm, groupedBy.reason, groupedBy.frames]),
    title: known && groupedBy === byDefault ? known.title : titleOf(type, value),
    type,
    value: cut(value, MAX_VALUE_LENGTH),
    culprit: event.transaction ?? places[0]?.text ?? '',
    groupedBy,
  }
}

/** 16 hex digits for what identifies a thing within its project. */
export const hashOf = (parts: unknown): string => hash('sha256', JSON.stringify(parts)).slice(0, 16)

const grouped = (reason: GroupedBy['reason'], frames: string[]): GroupedBy => ({
  algorithm: ALGORITHM,
  reason,
  frames,
})

/** What the page says decides; `{{ default }}` in it stands for what would have decided without it. */
function byFingerprint({ fingerprint = [] }: ReceivedEvent, byDefault: GroupedBy): GroupedBy | undefined {
  if (fingerprint.every(isDefault)) return undefined
  return grouped(
    'fingerprint',
    fingerprint.flatMap(part => (isDefault(part) ? byDefault.frames : [part])),
  )
}

const isDefault = (part: string): boolean => /^\{\{\s*default\s*\}\}$/.test(part)

function byContent(event: ReceivedEvent, places: CountedFrame[]): GroupedBy {
  const { type, value } = headlineOf(event)
  const root = event.exception?.values.at(-1)
  if (root?.mechanism?.type === 'resource')
    return grouped('resource', [type, moduleOf(resourceUrl(root) ?? value)])

  const causes = causesOf(event)
  const own = [type, ...places.map(({ text }) => text)]
  const isTelling = places.some(place => place.isTelling) || causes.some(cause => cause.isTelling)
  // Modules alone tell one error from another no better than nothing does.
  if (!isTelling)
    return grouped('message', [...own, messagePattern(value), ...causes.map(({ text }) => text)])
  if (!causes.length) return grouped('stack', own)
  return grouped('chain', [...own, ...causes.map(({ text }) => text)])
}

/** The links behind the captured error, the nearest first: each is its type and the place it was made at. */
function causesOf(event: ReceivedEvent): CountedFrame[] {
  const links = (event.exception?.values ?? []).slice(0, -1).slice(-MAX_CAUSES).toReversed()
  return links.map(({ type, stacktrace }) => {
    const [place] = countedFrames(stacktrace?.frames ?? [], 1)
    return {
      text: `caused by ${type || 'Error'}${place ? ` in ${place.text}` : ''}`,
      isTelling: place?.isTelling ?? false,
    }
  })
}

/** What a failed `<img>`, `<script>` or `<link>` was to load, where the report says it. */
function resourceUrl({ mechanism }: ReceivedException): string | undefined {
  const { url, src, href } = mechanism?.data ?? {}
  return [url, src, href].find(candidate => typeof candidate === 'string')
}

function titleOf(type: string, value: string): string {
  const line = value.split('\n', 1)[0] ?? ''
  if (type === 'Message') return cut(line || '(no message)', 200)
  return cut(line ? `${type}: ${line}` : type, 200)
}
