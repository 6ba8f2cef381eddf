import { hash } from 'node:crypto'
import { FILTERED } from 'ohnoes/protocol'
import { cut } from './cut.ts'
import { isObject, type JsonObject, readJson } from './json.ts'
import { tally } from './outcome.ts'
import type { Scrubber } from './scrub.ts'
import type { NewVital, Outcome } from './store.ts'
import { type Clock, occurredAtMs } from './timestamp.ts'
import { VITALS, vitalOf } from './vitals.ts'

// Sentry's metric item, `{"version": 2, "items": [{timestamp, name, type, unit, value, attributes}]}`, of which
// we keep web vitals. What else is in it is counted by reason, and nothing in it refuses the envelope.

const MAX_METRICS = 100
const MAX_ATTRIBUTES = 20
const MAX_ATTRIBUTE_KEY_LENGTH = 40
const MAX_ATTRIBUTE_LENGTH = 200
const MAX_PAGE_LENGTH = 200
const MAX_WEIGHT = 1_000_000

/** The web vitals of an envelope's metric items; `envelopeId` is `ohnoes.id` of its header. */
export function readMetricItems(
  payloads: Uint8Array[],
  { envelopeId, clock, scrubber }: { envelopeId: unknown; clock: Clock; scrubber: Scrubber },
): { vitals: NewVital[]; outcomes: Outcome[] } {
  const vitals: NewVital[] = []
  const refused: Outcome[] = []
  let count = 0
  payloads.forEach((payload, itemIndex) => {
    const json = readJson(payload)
    const entries = json.ok && isObject(json.value) ? json.value.items : undefined
    if (!Array.isArray(entries)) {
      refused.push(invalid(json.ok ? 'invalid_metric_item' : 'invalid_metric_json'))
      return
    }
    // What does not say its own id has its envelope's, or, without an envelope id either, that of its bytes.
    const source = typeof envelopeId === 'string' && envelopeId ? [envelopeId, itemIndex] : [hashOf(payload)]
    entries.forEach((entry: unknown, index) => {
      if (++count > MAX_METRICS) return refused.push(filtered('metric:too_many'))
      const read = readMetric(entry, scrubber)
      if (!read.ok) return refused.push(read.outcome)
      const identity = read.id === undefined ? [...source, index] : [read.vital.name, read.id]
      return vitals.push({
        ...read.vital,
        id: hashOf(JSON.stringify(identity)),
        timestampMs: occurredAtMs(read.timestamp, clock),
      })
    })
  })
  return { vitals, outcomes: tally(refused) }
}

type ReadMetric =
  | { ok: true; vital: Omit<NewVital, 'id' | 'timestampMs'>; id: string | undefined; timestamp: unknown }
  | { ok: false; outcome: Outcome }

function readMetric(entry: unknown, scrubber: Scrubber): ReadMetric {
  if (!isObject(entry) || typeof entry.name !== 'string') return refuse(invalid('invalid_metric'))
  const { timestamp, type, unit, value } = entry
  const name = vitalOf(entry.name)
  if (!name) return refuse(filtered('metric:unknown_name'))
  if (type !== 'distribution') return refuse(invalid('invalid_metric_type'))
  // CLS has no unit; SDKs spell that in several ways.
  if ((unit || 'none') !== VITALS[name].unit) return refuse(invalid('invalid_metric_unit'))
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    return refuse(invalid('invalid_metric_value'))

  const { page, weight, id, ...others } = isObject(entry.attributes) ? entry.attributes : {}
  const path = valueOf(page)
  if (typeof path !== 'string' || path === '') return refuse(invalid('invalid_metric_page'))
  const claimed = valueOf(weight) ?? 1
  if (typeof claimed !== 'number' || !(claimed >= 1)) return refuse(invalid('invalid_metric_weight'))
  const ownId = valueOf(id)
  return {
    ok: true,
    id: typeof ownId === 'string' && ownId ? ownId : undefined,
    vital: {
      name,
      page: withoutQuery(path),
      value,
      weight: Math.min(claimed, MAX_WEIGHT),
      attributes: boundAttributes(others, scrubber),
    },
    timestamp,
  }
}

/** A path or URL without its query, fragment and user. */
const withoutQuery = (page: string): string =>
  cut(page.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*@/i, '$1//'), MAX_PAGE_LENGTH) ||
  '/'

function boundAttributes(attributes: JsonObject, scrubber: Scrubber): NewVital['attributes'] {
  const kept = Object.entries(attributes).flatMap(([key, attribute]) => {
    const value = valueOf(attribute)
    if (key.length > MAX_ATTRIBUTE_KEY_LENGTH) return []
    if (scrubber.isSecretKey(key)) return [[key.toWellFormed(), FILTERED]]
    if (typeof value === 'string')
      return [[key.toWellFormed(), cut(scrubber.text(value), MAX_ATTRIBUTE_LENGTH)]]
    return typeof value === 'number' || typeof value === 'boolean' ? [[key.toWellFormed(), value]] : []
  })
  return Object.fromEntries(kept.slice(0, MAX_ATTRIBUTES)) as NewVital['attributes'] // just tested
}

/** Of `{value, type}`, or the bare value. */
const valueOf = (attribute: unknown): unknown => (isObject(attribute) ? attribute.value : attribute)

const hashOf = (content: string | Uint8Array): string => hash('sha256', content).slice(0, 32)

const refuse = (outcome: Outcome): ReadMetric => ({ ok: false, outcome })
const invalid = (reason: string): Outcome => ({ kind: 'invalid', reason, quantity: 1 })
const filtered = (reason: string): Outcome => ({ kind: 'filtered', reason, quantity: 1 })
