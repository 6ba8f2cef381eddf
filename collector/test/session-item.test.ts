import { expect, test } from 'vitest'
import { readSessionCounts, readSessionItems } from '../src/session-item.ts'

const NOW_MS = Date.parse('2026-11-20T12:00:00Z')
const clock = { receivedMs: NOW_MS, driftS: 0 }
const session = (fields: Record<string, unknown> = {}) => ({
  sid: 'b'.repeat(32),
  did: 'user@example.com',
  init: true,
  started: '2026-11-20T11:59:00.000Z',
  timestamp: '2026-11-20T11:59:30.000Z',
  status: 'ok',
  errors: 0,
  attrs: { release: 'shop@1', environment: 'production', ip_address: '1.2.3.4' },
  ...fields,
})
const read = (...payloads: unknown[]) =>
  readSessionItems(
    payloads.map(payload => Buffer.from(JSON.stringify(payload))),
    clock,
  )

test('a session is read without who it was', () => {
  const { sessions, outcomes } = read(session())
  expect(outcomes).toEqual([])
  expect(sessions).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      startedMs: NOW_MS - 60_000,
      updatedMs: NOW_MS - 30_000,
      release: 'shop@1',
      environment: 'production',
      status: 'ok',
      errors: 0,
      rate: 1,
    },
  ])
  expect(JSON.stringify(sessions)).not.toMatch(/bbbb|user@|1\.2\.3/)
})

test.each([
  [{ status: 'exited' }, 'exited'],
  [{ status: 'ok', errors: 2 }, 'errored'],
  [{ status: 'exited', errors: 1 }, 'errored'],
  [{ status: 'errored' }, 'errored'],
  [{ status: 'abnormal', errors: 1 }, 'abnormal'],
  [{ status: 'crashed', errors: 1 }, 'crashed'],
  [{ status: 'unhandled', errors: 1 }, 'crashed'],
])('%j is %s', (fields, status) => {
  expect(read(session(fields)).sessions[0]?.status).toBe(status)
})

test.each([
  [0.01, 0.01],
  [1, 1],
  [null, 1],
  [1e-12, 1e-6],
])('kept under %d is weighted as %d', (rate, stored) => {
  expect(read(session({ ohnoes_p: rate })).sessions[0]?.rate).toBe(stored)
})

test.each([
  ['a list', [], 'invalid_session'],
  ['one without an id', session({ sid: undefined }), 'invalid_session_sid'],
  ['one of an endless id', session({ sid: 'x'.repeat(201) }), 'invalid_session_sid'],
  ['one of an unknown status', session({ status: 'toString' }), 'invalid_session_status'],
  ['one without a status', session({ status: undefined }), 'invalid_session_status'],
  ['one that never started', session({ started: 'soon' }), 'invalid_session_started'],
  ['one kept under nothing', session({ ohnoes_p: 0 }), 'invalid_session_rate'],
  ['one kept under more than all', session({ ohnoes_p: 1.5 }), 'invalid_session_rate'],
  ['one kept under a text', session({ ohnoes_p: '0.5' }), 'invalid_session_rate'],
])('%s is counted, and the one beside it is kept', (_, payload, reason) => {
  const { sessions, outcomes } = read(payload, session())
  expect(sessions).toHaveLength(1)
  expect(outcomes).toEqual([{ kind: 'invalid', reason, quantity: 1 }])
})

test('what is no JSON is counted', () => {
  expect(readSessionItems([Buffer.from('{"sid"')], clock).outcomes).toEqual([
    { kind: 'invalid', reason: 'invalid_session_json', quantity: 1 },
  ])
})

test('counts of an envelope that was sent at no time there is are read', () => {
  const payload = Buffer.from(
    JSON.stringify({ aggregates: [{ started: '2026-11-20T11:00:00Z', exited: 2 }], attrs: {} }),
  )
  for (const sentAt of [undefined, null, 7, { toString: 1, valueOf: 1 }]) {
    const { sessionCounts } = readSessionCounts([payload], { sentAt, clock })
    expect(sessionCounts).toMatchObject([{ status: 'exited', quantity: 2 }])
  }
})
