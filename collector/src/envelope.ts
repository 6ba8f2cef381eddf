import { quote } from './cut.ts'
import type { Refusal } from './http-error.ts'
import { isObject, type JsonObject, readJson } from './json.ts'

// Sentry's envelope (https://develop.sentry.dev/sdk/data-model/envelopes/): a line of JSON, then items, each a
// line of JSON and a payload. A payload is `length` bytes long and ends with a newline or the end of the
// envelope; without `length` it goes on to the next newline. Empty lines after the last item are allowed.

export const MAX_ITEMS = 20
const NEWLINE = 0x0a

export interface EnvelopeItem {
  type: string
  payload: Uint8Array
}

export interface Envelope {
  header: JsonObject
  items: EnvelopeItem[]
  /** Items past `MAX_ITEMS`, which were read over. */
  dropped: number
}

export type ParsedEnvelope = { ok: true; envelope: Envelope } | Refusal

/** Splits an envelope into its items without a look into their payloads. */
export function parseEnvelope(bytes: Uint8Array): ParsedEnvelope {
  const first = lineAt(bytes, 0)
  if (bytes.byteLength === 0)
    return refuse('empty_body', 'The body is empty: send an envelope, a line of JSON and its items.')
  const header = readJson(first.bytes)
  if (!header.ok || !isObject(header.value))
    return refuse(
      'invalid_envelope_header',
      `The envelope's first line is ${shown(header)}: send a JSON object, {} at least.`,
    )

  const envelope: Envelope = { header: header.value, items: [], dropped: 0 }
  let offset = first.end
  for (let number = 1; offset < bytes.byteLength; number++) {
    // Only newlines may be left after the last item; between items they are tolerated.
    if (bytes[offset] === NEWLINE) {
      offset++
      number--
      continue
    }
    const item = itemAt(bytes, offset, number)
    if (!item.ok) return item
    if (envelope.items.length < MAX_ITEMS) envelope.items.push({ type: item.type, payload: item.payload })
    else envelope.dropped++
    offset = item.end
  }
  return { ok: true, envelope }
}

type ItemAt = ({ ok: true; end: number } & EnvelopeItem) | Refusal

function itemAt(bytes: Uint8Array, offset: number, number: number): ItemAt {
  const line = lineAt(bytes, offset)
  const header = readJson(line.bytes)
  if (!header.ok || !isObject(header.value))
    return refuse(
      'invalid_item_header',
      `The header of item ${number} is ${shown(header)}: send a JSON object with a "type".`,
    )
  const { type, length } = header.value
  if (typeof type !== 'string' || type === '')
    return refuse(
      'invalid_item_header',
      `The header of item ${number} has the type ${quote(type)}: name one, "event" for an error.`,
    )
  if (length === undefined || length === null) {
    const payload = lineAt(bytes, line.end)
    return { ok: true, type, payload: payload.bytes, end: payload.end }
  }
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0)
    return refuse(
      'invalid_item_length',
      `Item ${number} has the length ${quote(length)}: give its payload's bytes as a whole number, or leave it out.`,
    )
  const end = line.end + length
  if (end > bytes.byteLength)
    return refuse(
      'truncated_item',
      `Item ${number} says ${length} bytes and ${bytes.byteLength - line.end} are left: send the payload whole.`,
    )
  if (end < bytes.byteLength && bytes[end] !== NEWLINE)
    return refuse(
      'missing_newline',
      `Item ${number} goes on after the ${length} bytes it says: count bytes of UTF-8, and end it with a newline.`,
    )
  return { ok: true, type, payload: bytes.subarray(line.end, end), end: end + 1 }
}

function lineAt(bytes: Uint8Array, offset: number): { bytes: Uint8Array; end: number } {
  const newline = bytes.indexOf(NEWLINE, offset)
  const end = newline < 0 ? bytes.byteLength : newline
  return { bytes: bytes.subarray(offset, end), end: end + 1 }
}

const shown = (json: ReturnType<typeof readJson>): string =>
  json.ok ? quote(json.value) : `not JSON, ${quote(json.text)}`

const refuse = (code: string, message: string): Refusal => ({ ok: false, status: 400, code, message })
