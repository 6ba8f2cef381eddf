// Which variables each function of the app is to show where an error leaves it, or why it shows none.

const TEA = { name: 'tea', price: null }
const CART = { items: ['[Object]'] }

/** By the function's name; those without one by their case, or by their file where that is all they are told by. */
const SHOWN: Record<string, object> = {
  priceOf: { item: TEA },
  sumOf: { items: [TEA], sum: 0, item: TEA },
  withTax: { items: [TEA] },
  natural: { item: {} },
  '4.-': { item: TEA },
  plainAgain: { items: [TEA] },
  onTea: { item: TEA },
  prices: { items: [TEA], item: TEA },
  inGenerator: { sum: 0 },
  open: { hours: 3, left: 21 },
  buy: { event: 'Event click', detail: 0 },
  'Basket.total': { sum: 0, item: TEA },
  inGetter: { cart: CART },
  'Cart.#check': { item: TEA },
  'Cart.checkAll': { item: TEA },
  inPrivate: { cart: CART },
  'Basket.of': { count: 3 },
  'new Cart': { rate: 7 },
  Greeting: { user: '<undefined>' },
  h: { tag: 'ƒ', props: null, children: [] },
  money: { amount: '12', currency: 'eur' },
  loadOrders: { customer: {} },
}

const NOT_SHOWN: [why: string, functions: string[]][] = [
  ['the error does not leave it: it catches', ['run', 'onTimer', 'onClick']],
  [
    'the error does not come by: what it has set off catches it',
    ['inHandler', 'inTimer', 'inThen', '7.-', '11.-'],
  ],
  ['has none', ['afterAwait', 'inner', 'outer', 'inObject', 'missing', 'main.ts']],
  [
    'none is set yet',
    ['plain', 'nested', 'inCallback', 'Cart.total', 'inStatic', 'inConstructor', 'App', 'describeOrders'],
  ],
  ['of a worker, whose error the page has made anew', ['work', 'onJob']],
]

type Frame = Record<string, any>

/** Whether a frame is to show any, and what is wrong with those that it shows. */
export function compareVariables(case_: number, frame: Frame): { isShown: boolean; wrong?: string } {
  const name = frame.function ?? (frame.filename.endsWith('main.ts') ? 'main.ts' : `${case_}.-`)
  const expected = SHOWN[name]
  const shown = Object.fromEntries(
    Object.entries(frame.vars ?? {})
      .map(([key, value]) => [key, withoutNames(value)] as const)
      .filter(([key, value]) => value !== '<undefined>' || (expected && key in expected)),
  )
  const isExplained = NOT_SHOWN.some(([, functions]) => functions.includes(name))
  const isRight = expected ? isSame(shown, expected) : isExplained && !Object.keys(shown).length
  return {
    isShown: expected !== undefined,
    ...(!isRight && { wrong: `case ${case_}: ${name} shows ${JSON.stringify(frame.vars)}` }),
  }
}

/** Minifiers rename functions; engines have their own kinds of click. */
const withoutNames = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/^ƒ .*/, 'ƒ').replace(/^\w*Event click$/, 'Event click') : value

const isSame = (shown: object, expected: object): boolean =>
  JSON.stringify(Object.entries(shown).sort()) === JSON.stringify(Object.entries(expected).sort())
