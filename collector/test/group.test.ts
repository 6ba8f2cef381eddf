import { expect, test } from 'vitest'
import { parseEvent } from '../src/event.ts'
import { groupOf } from '../src/group.ts'

function group(fields: Record<string, unknown>) {
  const parsed = parseEvent(Buffer.from(JSON.stringify(fields)), { header: {}, receivedMs: 0 })
  if (!parsed.ok) throw new Error(parsed.message)
  return groupOf(parsed.event)
}

const thrown = (filename: string, value = 'x is undefined', more: object[] = []) => ({
  exception: {
    values: [
      {
        type: 'TypeError',
        value,
        stacktrace: {
          frames: [{ function: 'a.total', filename, lineno: 1, colno: 9, in_app: true }, ...more],
        },
      },
    ],
  },
})

test('a new build with another hash, host, query and message stays one group', () => {
  const first = group(thrown('https://a.example/assets/cart-9f8e7d6c.js'))
  const second = group(thrown('https://cdn.example/assets/cart-B8kd93Za.js?v=2', 'y is undefined'))
  expect(second.id).toBe(first.id)
  expect(first).toMatchObject({
    title: 'TypeError: x is undefined',
    culprit: 'total (/assets/cart.js)',
    groupedBy: { reason: 'frame', frames: ['TypeError', 'total (/assets/cart.js)'] },
  })
})

test('frames of others do not decide while there is one of the page', () => {
  const library = { function: 'run', filename: 'https://a.example/vendor.js', lineno: 1, in_app: false }
  expect(group(thrown('https://a.example/x.js', 'v', [library])).id).toBe(
    group(thrown('https://a.example/x.js')).id,
  )
})

test('the captured error names the group, not its cause', () => {
  const values = [
    { type: 'Cause', value: 'c' },
    { type: 'Root', value: 'r' },
  ]
  expect(group({ exception: { values } })).toMatchObject({ type: 'Root', title: 'Root: r' })
})

test('without a stack the message decides, without its numbers', () => {
  const message = (value: string) => group({ exception: { values: [{ type: 'Error', value }] } }).id
  expect(message('order 17 failed')).toBe(message('order 4711 failed'))
  expect(message('order 17 failed')).not.toBe(message('order 17 timed out'))
})

test('a fingerprint decides before all else, and {{ default }} splits further', () => {
  expect(group({ ...thrown('https://a/x.js'), fingerprint: ['pay'] }).id).toBe(
    group({ message: 'm', fingerprint: ['pay'] }).id,
  )
  const split = (filename: string) => group({ ...thrown(filename), fingerprint: ['{{ default }}', 'pay'] }).id
  expect(split('https://a/x.js')).not.toBe(split('https://a/y.js'))
  expect(group({ ...thrown('https://a/x.js'), fingerprint: ['{{ default }}'] }).groupedBy.reason).toBe(
    'frame',
  )
})

test('a resource is grouped by what failed to load', () => {
  const resource = (url: string) =>
    group({
      exception: {
        values: [
          {
            type: 'ResourceError',
            value: `Failed to load img: ${url}`,
            mechanism: { type: 'resource', data: { tag: 'img', url } },
          },
        ],
      },
    })
  expect(resource('https://a/hero.png?1').id).toBe(resource('https://a/hero.png?2').id)
  expect(resource('https://a/hero.png').groupedBy).toMatchObject({
    reason: 'resource',
    frames: ['ResourceError', '/hero.png'],
  })
})

test("the exception without a type that Sentry's captureMessage makes is a message", () => {
  const event = { message: 'hi', exception: { values: [{ value: 'hi', mechanism: { synthetic: true } }] } }
  expect(group(event)).toMatchObject({ type: 'Message', title: 'hi' })
})

test('an event that says nothing still has a name', () => {
  expect(group({}).title).toBe('(no message)')
})
