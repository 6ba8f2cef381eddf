import { expect, test } from 'vitest'
import { MAX_EVENT_BYTES, type Event } from '../src/protocol.ts'
import { byteLength } from '../src/hash.ts'
import { trim } from '../src/trim.ts'

const event = (more: Partial<Event>): Event => ({
  event_id: 'e',
  timestamp: 1,
  platform: 'javascript',
  ...more,
})

test('an event of ordinary size leaves as it is', () => {
  const small = event({ message: 'm', tags: { a: 'b' } })
  expect(JSON.parse(trim(small, MAX_EVENT_BYTES)!)).toEqual(small)
})

test('every string that leaves is scrubbed', () => {
  expect(trim(event({ request: { url: 'https://a.example/?token=abc' } }), MAX_EVENT_BYTES)).not.toContain(
    'abc',
  )
})

test('bytes are counted as UTF-8', () => {
  expect(byteLength('é🙂a')).toBe(7)
})

test('the oldest breadcrumbs, the ends of long strings and the middle frames go first, and _meta says so', () => {
  const breadcrumbs = Array.from({ length: 50 }, (_, i) => ({ message: `${i} ` + 'x'.repeat(5_000) }))
  const frames = Array.from({ length: 50 }, (_, i) => ({
    function: `f${i}`,
    in_app: true,
    vars: { v: 'x'.repeat(5_000) },
  }))
  const values = [{ type: 'Error', value: 'v', stacktrace: { frames } }]
  const json = trim(event({ breadcrumbs, exception: { values } }), MAX_EVENT_BYTES)!
  expect(byteLength(json)).toBeLessThanOrEqual(MAX_EVENT_BYTES)
  const trimmed = JSON.parse(json) as Event
  expect(trimmed._meta!['']!.len).toBeGreaterThan(MAX_EVENT_BYTES)
  expect(trimmed.breadcrumbs!.at(-1)!.message).toMatch(/^49 x+…$/)
  const kept = trimmed.exception!.values[0]!.stacktrace!.frames.map(frame => frame.function)
  expect(kept).toEqual(expect.arrayContaining(['f0', 'f49']))
  expect(kept).not.toContain('f25')
})

test('an event that stays too large is not sent at all', () => {
  const tags = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`a rather long key ${i}`, i]))
  expect(trim(event({ tags }), MAX_EVENT_BYTES)).toBeUndefined()
})
