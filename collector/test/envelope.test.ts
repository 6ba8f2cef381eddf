import { createEnvelope, type EventEnvelope, serializeEnvelope } from '@sentry/core'
import { expect, test } from 'vitest'
import { MAX_ITEMS, parseEnvelope } from '../src/envelope.ts'

const parse = (text: string) => parseEnvelope(Buffer.from(text))
const itemsOf = (text: string) => {
  const parsed = parse(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.envelope.items.map(({ type, payload }) => [type, Buffer.from(payload).toString()])
}

test.each([
  ['without length, to the newline', '{}\n{"type":"event"}\n{"a":1}\n', [['event', '{"a":1}']]],
  ['without length, to the end', '{}\n{"type":"event"}\n{"a":1}', [['event', '{"a":1}']]],
  [
    'with length in bytes of UTF-8',
    '{}\n{"type":"event","length":8}\n"ü\n👍"'.replace('\n👍', '👍'),
    [['event', '"ü👍"']],
  ],
  [
    'with length, a newline inside',
    '{}\n{"type":"a","length":3}\nx\ny\n{"type":"b"}\nz',
    [
      ['a', 'x\ny'],
      ['b', 'z'],
    ],
  ],
  [
    'of length 0',
    '{}\n{"type":"a","length":0}\n\n{"type":"b"}\nz',
    [
      ['a', ''],
      ['b', 'z'],
    ],
  ],
  ['empty and at the end', '{}\n{"type":"a"}', [['a', '']]],
  ['with empty lines after it', '{}\n{"type":"a"}\nx\n\n\n', [['a', 'x']]],
  ['with CRLF in its headers', '{}\r\n{"type":"a"}\r\nx', [['a', 'x']]],
])('reads an item %s', (_, text, expected) => {
  expect(itemsOf(text)).toEqual(expected)
})

test("what Sentry's SDK serialises is read, an attachment of bytes included", () => {
  const attachment = new Uint8Array([0, 10, 123, 255, 10])
  const envelope = createEnvelope<EventEnvelope>({ event_id: 'e', sent_at: 's' }, [
    [{ type: 'event' }, { message: 'hi\nyou' }],
    [{ type: 'attachment', length: attachment.length, filename: 'a.bin' }, attachment],
    // `as`: a session is no item of an EventEnvelope to TypeScript; on the wire it rides along.
    [{ type: 'session' }, { init: true }] as never,
  ])
  const parsed = parseEnvelope(Buffer.from(serializeEnvelope(envelope)))
  if (!parsed.ok) throw new Error(parsed.message)
  const { items } = parsed.envelope
  expect(items.map(({ type }) => type)).toEqual(['event', 'attachment', 'session'])
  expect(JSON.parse(Buffer.from(items[0]!.payload).toString())).toEqual({ message: 'hi\nyou' })
  expect([...items[1]!.payload]).toEqual([...attachment])
})

test('an envelope may have no items', () => {
  expect(itemsOf('{}')).toEqual([])
  expect(itemsOf('{}\n')).toEqual([])
})

test('items past the limit are read over and counted', () => {
  const parsed = parse('{}\n' + '{"type":"a"}\nx\n'.repeat(MAX_ITEMS + 3))
  expect(parsed).toMatchObject({ ok: true, envelope: { dropped: 3 } })
  expect(parsed.ok && parsed.envelope.items.length).toBe(MAX_ITEMS)
})

test.each([
  ['', 'empty_body', 'empty'],
  ['hello', 'invalid_envelope_header', '"hello"'],
  ['[]', 'invalid_envelope_header', 'an array'],
  ['null\n', 'invalid_envelope_header', 'null'],
  ['\n{}', 'invalid_envelope_header', '""'],
  ['{}\nnope', 'invalid_item_header', '"nope"'],
  ['{}\n{"type":"a"}\nx\n{"length":1}\nx', 'invalid_item_header', 'item 2'],
  ['{}\n{"type":7}', 'invalid_item_header', '7'],
  ['{}\n{"type":"a","length":-1}\nx', 'invalid_item_length', '-1'],
  ['{}\n{"type":"a","length":1.5}\nx', 'invalid_item_length', '1.5'],
  ['{}\n{"type":"a","length":"1"}\nx', 'invalid_item_length', '"1"'],
  ['{}\n{"type":"a","length":9}\nx', 'truncated_item', '9 bytes and 1 are left'],
  ['{}\n{"type":"a","length":1}\nxy', 'missing_newline', '1 bytes'],
])('refuses %j and says why', (text, code, part) => {
  const parsed = parse(text)
  expect(parsed).toMatchObject({ ok: false, status: 400, code })
  expect(!parsed.ok && parsed.message).toContain(part)
})

test('a long value is cut in the message', () => {
  const parsed = parse('x'.repeat(100_000))
  expect(!parsed.ok && parsed.message.length).toBeLessThan(250)
})
