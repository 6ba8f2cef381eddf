import { expect, test } from 'vitest'
import { parseEvent } from '../src/event.ts'
import { groupOf } from '../src/group.ts'
import { createScrubber } from '../src/scrub.ts'

function group(fields: Record<string, unknown>) {
  const parsed = parseEvent(Buffer.from(JSON.stringify(fields)), {
    header: {},
    receivedMs: 0,
    scrubber: createScrubber(),
  })
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
    culprit: 'total (/assets/cart)',
    groupedBy: { reason: 'stack', frames: ['TypeError', 'total (/assets/cart)'] },
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
    'stack',
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

interface Frame {
  function?: string
  filename?: string
  context_line?: string
  lineno?: number
  colno?: number
  in_app?: boolean
}
const APP = 'https://a.example/app.js'
/** The frames newest first, as people read them; the wire has them the other way round. */
const stackOf = (...frames: Frame[]) => ({
  frames: frames.map(frame => ({ filename: APP, in_app: true, ...frame })).reverse(),
})
const framesOf = (...frames: Frame[]) =>
  group({ exception: { values: [{ type: 'E', value: 'v', stacktrace: stackOf(...frames) }] } }).groupedBy
    .frames

test('a resolved frame counts by its line of source, wherever that line moved and whatever its function is called', () => {
  const before = framesOf({ function: 'a', context_line: '  return  cart.sum ', lineno: 7, colno: 3 })
  const after = framesOf({ function: 'b', context_line: '\treturn cart.sum', lineno: 70, colno: 9 })
  expect(after).toEqual(before)
  expect(after).toEqual(['E', 'return cart.sum (/app)'])
  const minified = { function: 'f', context_line: 'x'.repeat(300) }
  expect(framesOf(minified)).toEqual(['E', 'f (/app)'])
})

test('the caller decides with the place of the throw, and places far out do not', () => {
  const names = (...list: string[]) => list.map(name => ({ function: name }))
  const inner = names('assert', 'total', 'render')
  expect(framesOf(...inner)).not.toEqual(framesOf(...names('assert', 'pay', 'render')))
  expect(framesOf(...inner, ...names('main'))).toEqual(framesOf(...inner, ...names('other')))
})

test('recursion of any depth is one place', () => {
  const walk = { function: 'walk' }
  const visit = { function: 'visit' }
  const once = framesOf(walk, visit, { function: 'main' })
  expect(framesOf(walk, visit, walk, visit, walk, visit, { function: 'main' })).toEqual(once)
})

test.each([
  ['a library', { filename: 'https://a.example/node_modules/lodash/map.js' }],
  ['a library without in_app', { filename: 'https://cdn.jsdelivr.net/npm/vue@3/dist/vue.js' }],
  ['the engine', { filename: '[native code]' }],
  ['the engine, in Chromium', { filename: '<anonymous>' }],
  ['a helper of the compiler', { function: '__awaiter' }],
  ['a helper of the bundler', { function: '__webpack_require__' }],
  ['an extension', { filename: 'chrome-extension://abcdef/inject.js' }],
])('%s is not where the error is', (_, frame) => {
  const own = { function: 'total' }
  expect(framesOf({ function: 'f', ...frame }, own)).toEqual(framesOf(own))
  expect(group(thrownBy({ function: 'f', ...frame })).groupedBy.reason).toBe('message')
})

const thrownBy = (...frames: Frame[]) => ({
  exception: { values: [{ type: 'E', value: 'v', stacktrace: stackOf(...frames) }] },
})

test('a nameless function counts where it threw, and not as a caller', () => {
  const named = { function: 'total' }
  expect(framesOf({ function: '?' }, named)).toEqual(['E', '/app', 'total (/app)'])
  expect(framesOf(named, { function: '?' }, { function: 'pay' })).toEqual(['E', 'total (/app)', 'pay (/app)'])
})

test('frames that say nothing but their file leave it to the message', () => {
  const nameless = (value: string) =>
    group({ exception: { values: [{ type: 'E', value, stacktrace: stackOf({ function: '?' }) }] } })
  expect(nameless('no cart').id).not.toBe(nameless('no user').id)
  expect(nameless('no cart').groupedBy).toMatchObject({ reason: 'message', frames: ['E', '/app', 'no cart'] })
})

test('each of three causes counts by its type and the place it was made at', () => {
  const chain = (...causes: { type: string; value?: string; function: string }[]) =>
    group({
      exception: {
        values: [
          ...causes.map(({ function: name, ...cause }) => ({
            value: 'v',
            ...cause,
            stacktrace: stackOf({ function: name }, { function: 'caller' }),
          })),
          { type: 'Error', value: 'cannot pay', stacktrace: stackOf({ function: 'pay' }) },
        ],
      },
    })
  const get = { type: 'NetworkError', function: 'get' }
  expect(chain(get).groupedBy).toMatchObject({
    reason: 'chain',
    frames: ['Error', 'pay (/app)', 'caused by NetworkError in get (/app)'],
  })
  expect(chain(get).id).toBe(chain({ ...get, value: 'another message' }).id)
  expect(chain(get).id).not.toBe(chain({ ...get, type: 'SyntaxError' }).id)
  expect(chain(get).id).not.toBe(chain({ ...get, function: 'parse' }).id)
  const deep = (type: string) => chain({ type, function: 'x' }, get, get, get)
  expect(deep('A').id).toBe(deep('B').id)
})

test.each([
  ['ChunkLoadError', 'Loading chunk 17 failed.\n(missing: https://a.example/17.4f3a9c21.js)'],
  ['Error', 'Loading CSS chunk 3 failed.'],
  ['TypeError', 'Failed to fetch dynamically imported module: https://a.example/assets/cart-B8kd93Za.js'],
  ['TypeError', 'Importing a module script failed.'],
  ['TypeError', 'error loading dynamically imported module: https://a.example/assets/cart.js'],
])('%s: %s is in the one group of chunks that could not be loaded', (type, value) => {
  const failed = group({ exception: { values: [{ type, value, stacktrace: stackOf({ function: 'f' }) }] } })
  const other = group({
    exception: { values: [{ type: 'ChunkLoadError', value: 'Loading chunk 1 failed.' }] },
  })
  expect(failed).toMatchObject({ id: other.id, groupedBy: { reason: 'chunk_load' } })
})

test.each([
  "Hydration failed because the server rendered HTML didn't match the client.",
  'Minified React error #418; visit https://react.dev/errors/418',
  'Text content does not match server-rendered HTML.',
  'Hydration completed but contains mismatches.',
])('%s is in the one group of hydration errors', value => {
  const { groupedBy } = group({ exception: { values: [{ type: 'Error', value }] } })
  expect(groupedBy.reason).toBe('hydration')
})

test('a fingerprint of the page goes before the built-in groups', () => {
  const failed = { exception: { values: [{ type: 'ChunkLoadError', value: 'Loading chunk 1 failed.' }] } }
  expect(group({ ...failed, fingerprint: ['mine'] }).groupedBy.frames).toEqual(['mine'])
})

test('an event as hostile as it may be is grouped in time in proportion to its size', () => {
  const texts = ['a', '0', '-', '@a.', "'", '1.1.1.', 'http://', 'a:', '/', '.', '.js', '[as ', 'a-', '\\']
  for (const text of texts) {
    const value = text.repeat(Math.ceil(8192 / text.length))
    const frame = { function: value, filename: value, context_line: value }
    const link = { type: value, value, stacktrace: stackOf(...Array<Frame>(10).fill(frame)) }
    const event = { exception: { values: [link, link, link, link] }, fingerprint: [value, '{{ default }}'] }
    // What is quadratic here takes longer than a test may.
    expect(group(event).id).toMatch(/^[0-9a-f]{16}$/)
  }
})
