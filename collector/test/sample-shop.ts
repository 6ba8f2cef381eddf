import { anEvent, repeatableRandom } from './running-collector.ts'

// A shop with errors of every kind that the pages have to show; the same in every run but for the time.

const HOUR_S = 3600
const random = repeatableRandom(20)
const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.2 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
]
const FILE = 'https://shop.example/assets/index-B8kd93Za.js'

const frame = (name: string, lineno: number, colno: number, more: object = {}) => ({
  function: name,
  filename: FILE,
  lineno,
  colno,
  in_app: true,
  ...more,
})
const library = (name: string, colno: number) => ({
  function: name,
  filename: 'https://shop.example/node_modules/react-dom/index.js',
  lineno: 1,
  colno,
  in_app: false,
})
const LIBRARIES = [library('commitRoot', 88213), library('flushWork', 90114), library('performWork', 91230)]
const SOURCE = {
  filename: 'src/cart/total.ts',
  pre_context: ['export function total(cart: Cart, rate: number): number {', '  const sum = add(cart.items)'],
  context_line: '  return sum * (1 + rate) - cart.discount.amount',
  post_context: ['}', ''],
  vars: { cart: { items: '[Array(3)]', discount: null }, rate: 0.19, sum: 87.5 },
}

const BREADCRUMBS = [
  { category: 'navigation', data: { from: '/products/17', to: '/cart' } },
  { category: 'ui.click', message: 'button[id="add-to-cart"]' },
  { category: 'fetch', data: { method: 'GET', url: '/api/cart', status_code: 200 } },
  { category: 'console', level: 'warning', message: 'Cart was changed in another tab' },
  { category: 'fetch', level: 'error', data: { method: 'POST', url: '/api/discount', status_code: 500 } },
  { category: 'ui.click', message: 'button.checkout' },
]

interface Kind {
  exception: { values: object[] }
  count: number
  /** How many hours back they begin. */
  hours: number
  [key: string]: unknown
}

const KINDS: Kind[] = [
  {
    count: 60,
    hours: 200,
    exception: {
      values: [
        {
          type: 'HttpError',
          value: 'POST /api/discount failed with 500',
          mechanism: { type: 'chained', handled: true, source: 'cause', exception_id: 1, parent_id: 0 },
          stacktrace: { frames: [frame('request', 1, 4410), frame('post', 1, 4620)] },
        },
        {
          type: 'TypeError',
          value: "Cannot read properties of null (reading 'amount')",
          mechanism: {
            type: 'onerror',
            handled: false,
            exception_id: 0,
            data: { code: 'E_DISCOUNT', attempt: 2 },
          },
          stacktrace: {
            frames: [
              library('dispatchEvent', 71002),
              ...LIBRARIES,
              frame('onCheckout', 1, 20113, { vars: { event: '[PointerEvent]' } }),
              frame('pay', 1, 19022),
              frame('total', 12, 31, SOURCE),
            ],
          },
        },
      ],
    },
    transaction: '/cart',
  },
  {
    count: 25,
    hours: 20,
    exception: {
      values: [
        {
          type: 'ChunkLoadError',
          value: 'Loading chunk 417 failed.\n(error: https://shop.example/assets/417.js)',
        },
      ],
    },
  },
  {
    count: 9,
    hours: 300,
    exception: {
      values: [
        {
          type: 'RangeError',
          value:
            'Invalid time value: the date of delivery 2026-02-31T00:00:00Z is none, and this message goes on and on until it is far too long for one line of any list',
          stacktrace: { frames: [...LIBRARIES, frame('formatDate', 1, 8842)] },
          mechanism: { type: 'onunhandledrejection', handled: false },
        },
      ],
    },
  },
  {
    count: 4,
    hours: 2,
    exception: {
      values: [
        {
          type: 'ResourceError',
          value: 'Failed to load img: https://cdn.shop.example/hero.png',
          mechanism: {
            type: 'resource',
            handled: false,
            data: { tag: 'img', url: 'https://cdn.shop.example/hero.png' },
          },
        },
      ],
    },
  },
  { count: 1, hours: 1, level: 'info', message: 'Coupon SUMMER26 was used twice', exception: { values: [] } },
]

/** The events of the shop, the oldest first, with the ids of the sessions that had them. */
export function shopEvents(nowS: number): { event: Record<string, any>; sid: string }[] {
  return KINDS.flatMap(({ count, hours, ...kind }) =>
    Array.from({ length: count }, (_, n) => {
      const timestamp = nowS - (1 - (n + random()) / count) * hours * HOUR_S
      const event = anEvent({
        timestamp,
        release: `shop@${2 + (timestamp > nowS - 50 * HOUR_S ? 1 : 0)}.${n % 2}`,
        environment: n % 9 ? 'production' : 'staging',
        request: {
          url: `https://shop.example/${pick(['cart', 'cart', 'products/17', 'checkout'])}?ref=mail`,
          headers: { 'User-Agent': pick(AGENTS), Referer: 'https://shop.example/' },
        },
        tags: { plan: pick(['free', 'free', 'pro']), locale: pick(['en', 'de', 'fr', 'ja']) },
        user: { id: `u${n % 7}` },
        contexts: { cart: { items: 3, currency: 'EUR' }, device: { memory: 8, cores: 4 } },
        extra: { experiment: 'checkout-b', flags: ['new-total', 'fast-search'] },
        breadcrumbs: Array.from({ length: 21 }, (_, at) => ({
          timestamp: timestamp - (21 - at) * 1.7,
          ...BREADCRUMBS[at % BREADCRUMBS.length],
        })),
        ...kind,
      })
      return { event, sid: `s${n % Math.ceil(count / 2)}` }
    }),
  ).sort((a, b) => a.event.timestamp - b.event.timestamp)
}
