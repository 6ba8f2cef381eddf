import { expect, test } from 'vitest'
import { readMetricItems } from '../src/metric-item.ts'
import { ratingOf, vitalText } from '../src/vitals.ts'
import { createScrubber } from '../src/scrub.ts'

const scrubber = createScrubber()

const NOW_MS = Date.parse('2026-11-20T12:00:00Z')
const clock = { receivedMs: NOW_MS, driftS: 0 }
const metric = (fields: Record<string, unknown> = {}, attributes: Record<string, unknown> = {}) => ({
  timestamp: NOW_MS / 1000 - 5,
  trace_id: 'a'.repeat(32),
  name: 'browser.web_vital.lcp',
  type: 'distribution',
  unit: 'millisecond',
  value: 2345.6,
  attributes: { page: { value: '/cart', type: 'string' }, ...attributes },
  ...fields,
})
const payloadOf = (value: unknown) => Buffer.from(JSON.stringify(value))
const read = (items: unknown[], envelopeId?: unknown) =>
  readMetricItems([payloadOf({ version: 2, items })], { envelopeId, clock, scrubber })

test('a web vital is read with its page, weight and causes', () => {
  const attributes = {
    weight: { value: 100, type: 'integer' },
    element: { value: '#hero', type: 'string' },
    bfcache: { value: false, type: 'boolean' },
  }
  expect(read([metric({}, attributes)])).toEqual({
    vitals: [
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        timestampMs: NOW_MS - 5000,
        name: 'LCP',
        page: '/cart',
        value: 2345.6,
        weight: 100,
        attributes: { element: '#hero', bfcache: false },
      },
    ],
    outcomes: [],
  })
})

test.each([
  ['/cart?token=1#x', '/cart'],
  ['https://u:p@shop.example/cart?q', 'https://shop.example/cart'],
  ['?q', '/'],
  ['/'.repeat(500), `${'/'.repeat(199)}…`],
])('the page %j is stored as %j', (page, stored) => {
  expect(read([metric({}, { page: { value: page, type: 'string' } })]).vitals[0]?.page).toBe(stored)
})

test.each([
  ['nothing', undefined, 1],
  ['a bare number', 7, 7],
  ['a fraction above 1', { value: 33.3 }, 33.3],
  ['more than the cap', { value: 1e9 }, 1_000_000],
])('a weight that is %s is %j', (_, weight, stored) => {
  expect(read([metric({}, { weight })]).vitals[0]?.weight).toBe(stored)
})

test.each([
  ['null', null, 'invalid', 'invalid_metric'],
  ['without a name', metric({ name: undefined }), 'invalid', 'invalid_metric'],
  ['of another name', metric({ name: 'queue.depth' }), 'filtered', 'metric:unknown_name'],
  ['named as an Object method', metric({ name: 'constructor' }), 'filtered', 'metric:unknown_name'],
  ['a counter', metric({ type: 'counter' }), 'invalid', 'invalid_metric_type'],
  ['in seconds', metric({ unit: 'second' }), 'invalid', 'invalid_metric_unit'],
  ['a CLS in milliseconds', metric({ name: 'browser.web_vital.cls' }), 'invalid', 'invalid_metric_unit'],
  ['negative', metric({ value: -1 }), 'invalid', 'invalid_metric_value'],
  ['a text', metric({ value: '12' }), 'invalid', 'invalid_metric_value'],
  ['of no page', metric({ attributes: undefined }), 'invalid', 'invalid_metric_page'],
  ['of a page that is none', metric({}, { page: { value: 3 } }), 'invalid', 'invalid_metric_page'],
  ['of too little weight', metric({}, { weight: { value: 0.5 } }), 'invalid', 'invalid_metric_weight'],
  ['of a weight that is text', metric({}, { weight: { value: '9' } }), 'invalid', 'invalid_metric_weight'],
])('a metric that is %s is counted, and the one beside it is kept', (_, entry, kind, reason) => {
  const { vitals, outcomes } = read([entry, metric()])
  expect(vitals).toHaveLength(1)
  expect(outcomes).toEqual([{ kind, reason, quantity: 1 }])
})

test('CLS has no unit, however that is spelt', () => {
  const cls = { name: 'browser.web_vital.cls', value: 0.08 }
  for (const unit of [undefined, null, '', 'none'])
    expect(read([metric({ ...cls, unit })]).vitals).toHaveLength(1)
})

test('an item that is none is counted', () => {
  const { vitals, outcomes } = readMetricItems(
    [Buffer.from('{'), payloadOf([]), payloadOf({ items: {} }), payloadOf(7)],
    { envelopeId: undefined, clock, scrubber },
  )
  expect(vitals).toEqual([])
  expect(outcomes).toEqual([
    { kind: 'invalid', reason: 'invalid_metric_json', quantity: 1 },
    { kind: 'invalid', reason: 'invalid_metric_item', quantity: 3 },
  ])
})

test('an envelope brings at most 100 metrics, each with at most 20 short attributes', () => {
  const attributes = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`a${n}`, { value: 'x'.repeat(999) }]),
  )
  const many = Array.from({ length: 70 }, () => metric({}, { ['k'.repeat(41)]: { value: 1 }, ...attributes }))
  const { vitals, outcomes } = readMetricItems([payloadOf({ items: many }), payloadOf({ items: many })], {
    envelopeId: undefined,
    clock,
    scrubber,
  })
  expect(vitals).toHaveLength(100)
  expect(outcomes).toEqual([{ kind: 'filtered', reason: 'metric:too_many', quantity: 40 }])
  expect(Object.keys(vitals[0]!.attributes)).toHaveLength(20)
  expect(vitals[0]!.attributes.a0).toHaveLength(200)
})

test('ids tell measurements apart, and know a second delivery', () => {
  const idsOf = (items: unknown[], envelopeId?: unknown) => read(items, envelopeId).vitals.map(({ id }) => id)
  const [first, second] = idsOf([metric(), metric()])
  expect(first).not.toBe(second)
  expect(idsOf([metric(), metric()])).toEqual([first, second])
  expect(idsOf([metric({ value: 1 })])).not.toContain(first)
  expect(idsOf([metric()], 'e1')).toEqual(idsOf([metric({ value: 1 })], 'e1'))
  expect(idsOf([metric()], 'e1')).not.toEqual(idsOf([metric()], 'e2'))
})

test('a metric that has an id is the same measurement in every envelope, and no other metric is', () => {
  const idOf = (id: unknown, fields = {}, envelopeId?: unknown) =>
    read([metric(fields, { id: { value: id, type: 'string' } })], envelopeId).vitals[0]!.id
  expect(idOf('v6-1', { value: 1 }, 'e1')).toBe(idOf('v6-1', { value: 2 }, 'e2'))
  expect(idOf('v6-1')).not.toBe(idOf('v6-2'))
  expect(idOf('v6-1')).not.toBe(idOf('v6-1', { name: 'browser.web_vital.fcp' }))
  for (const none of ['', 7, null]) expect(idOf(none, {}, 'e1')).not.toBe(idOf(none, {}, 'e2'))
})

test.each([
  ['LCP', 2500, 'good', '2.5 s'],
  ['LCP', 2500.1, 'needs improvement', '2.5 s'],
  ['LCP', 4001, 'poor', '4.0 s'],
  ['INP', 200, 'good', '200 ms'],
  ['INP', 999.6, 'poor', '1.0 s'],
  ['CLS', 0.25, 'needs improvement', '0.25'],
] as const)('a p75 %s of %d is %s, and reads %s', (name, value, rating, text) => {
  expect([ratingOf(name, value), vitalText(name, value)]).toEqual([rating, text])
})
