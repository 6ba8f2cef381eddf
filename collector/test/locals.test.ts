import { afterAll, beforeAll, expect, test } from 'vitest'
import { withVars } from '../src/maps/frame-vars.ts'
import type { LocalsTable } from '../src/maps/locals-table.ts'
import type { ResolvedFrame } from '../src/symbolication.ts'
import { buildInstrumentedShop, type InstrumentedShop } from './instrumented-shop.ts'
import {
  anEvent,
  envelopeOf,
  newDataDir,
  removeDataDir,
  runCollector,
  runCommand,
  type RunningCollector,
} from './running-collector.ts'

const DEBUG_ID = '3b1f0c52-9f1e-4d1a-8a53-0123456789ab'
const URL = 'https://shop.example/assets/shop-B8kd93Za.js'

let shop: InstrumentedShop
let dataDir: string
let collector: RunningCollector
beforeAll(async () => {
  shop = await buildInstrumentedShop()
  dataDir = await newDataDir()
  collector = await runCollector(dataDir)
})
afterAll(async () => {
  await collector.stop('SIGTERM')
  await removeDataDir(dataDir)
})

async function upload(): Promise<void> {
  const { output } = await runCommand(dataDir, ['token', 'create', '1', 'upload'])
  const form = new FormData()
  form.set('debug_id', DEBUG_ID)
  for (const [name, text] of Object.entries({ map: shop.map, code: shop.code }))
    form.set(name, new Blob([text]), name)
  const response = await fetch(`${collector.url}/api/1/artifacts`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${output.split('\n')[0]}` },
  })
  expect(response.status).toBe(201)
}

async function sendFailure(): Promise<string> {
  const event = anEvent({
    exception: { values: [await shop.exceptionOf(URL)] },
    debug_meta: { images: [{ type: 'sourcemap', code_file: URL, debug_id: DEBUG_ID }] },
  })
  expect((await collector.post(envelopeOf(event))).status).toBe(200)
  return event.event_id
}

const varsOf = async (id: string) => {
  const event = await collector.get(`/api/1/events/${id}`)
  const frames: Record<string, any>[] = event.exception.values[0].stacktrace.frames
  return frames.toReversed().map(({ function: name, vars }) => [name, vars])
}

test('each frame of a minified build shows its own variables, once the map is there', async () => {
  const id = await sendFailure()
  expect((await varsOf(id)).map(([, vars]) => vars).filter(Boolean)).toEqual([])
  await upload()
  const tea = { name: 'tea', price: null }
  const box = { name: 'box', price: 1, parts: '[…]' }
  expect(await varsOf(id)).toEqual([
    ['priceOf', { item: tea, price: null, name: 'tea' }],
    ['priceOf', { item: { ...box, parts: [expect.anything(), expect.anything()] }, sum: 2, part: tea }],
    [undefined, { item: expect.objectContaining({ name: 'box' }), index: 1, name: 'inner box' }],
    [
      'shadowed',
      { items: [{ name: 'cup', price: 3 }, expect.objectContaining({ name: 'box' })], name: 'outer' },
    ],
    ['checkout', { items: expect.any(Array), rate: 0.2 }],
  ])
})

test('the page of an error shows the variables as consoles do, and its text too', async () => {
  const id = await sendFailure()
  await upload()
  const read = async (path: string) => (await fetch(`${collector.url}${path}`)).text()
  const page = await read(`/projects/1/events/${id}`)
  expect(page).toContain('<dt>rate</dt><dd class="number">0.2</dd>')
  expect(page).toContain('<dt>name</dt><dd class="text">&quot;inner box&quot;</dd>')
  expect(await read(`/projects/1/events/${id}.md`)).toContain('part = {name: "tea", price: null}')
})

const variable = (name: string, value?: number) => ({
  name,
  range: [1, 0, 9, 0] as [number, number, number, number],
  ...(value !== undefined && { value }),
})
const TABLE: LocalsTable = {
  outer0: { range: [1, 0, 9, 0], variables: [variable('a', 0), variable('hidden')] },
  inner1: { range: [1, 0, 9, 0], variables: [variable('b', 0)] },
  block2: {
    range: [2, 0, 3, 0],
    variables: [{ name: 'b', range: [2, 0, 3, 0], value: 0 }],
    within: 'inner1',
  },
}
const only = (...ids: string[]): LocalsTable => Object.fromEntries(ids.map(id => [id, TABLE[id]!]))
/** Innermost first: the functions of a stack, at a line. */
function varsIn(calls: (LocalsTable | undefined)[], records: unknown, line = 5) {
  const frames = calls.map(() => ({ lineno: line, colno: 1 }) as ResolvedFrame).toReversed()
  const tables = new Map(frames.toReversed().map((frame, at) => [frame, calls[at]]))
  return withVars(frames, records, frame => tables.get(frame))
    .toReversed()
    .map(({ vars }) => vars)
}

test('in recursion each call has its own values, by their order', () => {
  const call = only('inner1', 'block2')
  const records = [
    ['block2', [1]],
    ['inner1', [2]],
    ['inner1', [3]],
    ['outer0', [4]],
  ]
  expect(varsIn([call, call, only('outer0')], records)).toEqual([{ b: 2 }, { b: 3 }, { a: 4 }])
  expect(varsIn([call, call, only('outer0')], records, 2)[0]).toEqual({ b: 1 })
})

test('a frame that the error did not leave, and one that is not instrumented, take nothing from the others', () => {
  const records = [['outer0', ['seen']]]
  expect(varsIn([only('inner1', 'block2'), undefined, only('outer0')], records)).toEqual([
    undefined,
    undefined,
    { a: 'seen' },
  ])
})

test('records of functions that are not in the stack, as of an error that is thrown again elsewhere, are left out', () => {
  const records = [
    ['outer0', ['first']],
    ['inner1', ['not in the stack']],
    ['outer0', ['again']],
  ]
  expect(varsIn([only('outer0')], records)).toEqual([{ a: 'first' }])
})

test('at a position that is not in the function by the table, what has one meaning only is shown', () => {
  const records = [
    ['block2', [1]],
    ['inner1', [2]],
    ['outer0', [3]],
  ]
  expect(varsIn([only('inner1', 'block2'), only('outer0')], records, 50)).toEqual([undefined, { a: 3 }])
})

test.each([
  ['no list', 5],
  ['no pairs', [1, null, 'outer0', {}]],
  [
    'ids of everything',
    [
      ['toString', [1]],
      ['__proto__', [1]],
      ['constructor', [1]],
    ],
  ],
  ['no values', [['outer0']]],
  ['values that are none', [['outer0', 7]]],
  ['too few values', [['outer0', []]]],
])('records with %s show nothing', (_, records) => {
  expect(varsIn([only('outer0')], records)).toEqual([undefined])
})

test('names that came with the values are as good', () => {
  expect(varsIn([only('outer0')], [['outer0', { a: 1, hidden: 2 }]])).toEqual([{ a: 1 }])
})
