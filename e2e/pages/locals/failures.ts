// Functions that fail. In front of each the variables that the report is to show of it: by the function's name, of each
// frame from the innermost on.

interface Item {
  name: string
  price: { amount: number } | null
}

const cup: Item = { name: 'cup', price: { amount: 3 } }
const tea: Item = { name: 'tea', price: null }
// In a list this is as deep as values are copied.
const shopCup = { name: 'cup', price: '[Object]' }
const shopTea = { name: 'tea', price: null }

function amountOf(item: Item): number {
  return item.price!.amount
}
const AMOUNT_OF = { amountOf: [{ item: shopTea }] }

interface Failure {
  fail: () => unknown
  /** Of a frame without a name: `''`. */
  shows: Record<string, object[]>
}

export const failures: Record<string, Failure> = {
  parameters: {
    fail: () => {
      function total(items: Item[], rate: number) {
        const sum = items.reduce((sum, item) => sum + amountOf(item), 0)
        return sum * rate
      }
      total([cup, tea], 0.2)
    },
    shows: {
      ...AMOUNT_OF,
      // Arrows without a body are not instrumented: the one miss.
      '': [{ sum: 3, item: shopTea }],
      total: [{ items: [shopCup, shopTea], rate: 0.2 }],
    },
  },
  'a loop': {
    fail: () => {
      function eachOf(items: Item[]) {
        let count = 0
        for (const item of items) {
          const before = count
          count += amountOf(item)
          console.debug(before)
        }
        return count
      }
      eachOf([cup, tea])
    },
    shows: { ...AMOUNT_OF, eachOf: [{ items: [shopCup, shopTea], count: 3, item: shopTea, before: 3 }] },
  },
  'a closure made in a loop': {
    fail: () => {
      function later(items: Item[]) {
        const jobs = new Set<() => number>()
        for (let index = 0; index < items.length; index++) {
          const item = items[index]!
          const label = `${index}: ${item.name}`
          jobs.add(function job() {
            const text = label.toUpperCase()
            return amountOf(item) + text.length
          })
        }
        jobs.forEach(run => run())
      }
      later([cup, tea])
    },
    shows: {
      ...AMOUNT_OF,
      job: [{ text: '1: TEA' }],
      later: [{ items: [shopCup, shopTea], jobs: 'Set(2)' }],
    },
  },
  'a shadowed name': {
    fail: () => {
      function shadows(name: string) {
        if (name) {
          const name = 'inner'
          {
            const name = { deepest: true }
            amountOf(tea)
            console.debug(name)
          }
          console.debug(name)
        }
      }
      shadows('outer')
    },
    shows: { ...AMOUNT_OF, shadows: [{ name: { deepest: true } }] },
  },
  recursion: {
    fail: () => {
      function countDown(left: number): number {
        const next = left - 1
        if (next < 0) return amountOf(tea)
        return countDown(next) + 1
      }
      countDown(2)
    },
    shows: {
      ...AMOUNT_OF,
      countDown: [
        { left: 0, next: -1 },
        { left: 1, next: 0 },
        { left: 2, next: 1 },
      ],
    },
  },
  'an async function': {
    fail: async () => {
      async function load(id: number) {
        const answer = await Promise.resolve({ id })
        const item = { ...tea, id: answer.id }
        return amountOf(item)
      }
      await load(7)
    },
    shows: {
      amountOf: [{ item: { ...shopTea, id: 7 } }],
      load: [{ id: 7, answer: { id: 7 }, item: { ...shopTea, id: 7 } }],
    },
  },
  'async functions that await each other': {
    fail: async () => {
      async function inner(depth: number): Promise<number> {
        await null
        if (depth) return (await inner(depth - 1)) + 1
        return amountOf(tea)
      }
      async function outer(start: number) {
        const result = await inner(start)
        return result
      }
      await outer(1)
    },
    shows: { ...AMOUNT_OF, inner: [{ depth: 0 }, { depth: 1 }], outer: [{ start: 1 }] },
  },
  'a generator': {
    fail: () => {
      function* amounts(items: Item[]) {
        let n = 0
        for (const item of items) {
          n++
          yield amountOf(item)
        }
        return n
      }
      function sumOf(items: Item[]) {
        let sum = 0
        for (const amount of amounts(items)) sum += amount
        return sum
      }
      sumOf([cup, tea])
    },
    shows: {
      ...AMOUNT_OF,
      amounts: [{ items: [shopCup, shopTea], n: 2, item: shopTea }],
      sumOf: [{ items: [shopCup, shopTea], sum: 3 }],
    },
  },
  'a class': {
    fail: () => {
      class Basket {
        constructor(readonly items: Item[]) {
          const first = items[0]!
          this.add(first, 2)
        }
        add(item: Item, count: number) {
          const amount = amountOf(item) * count
          return amount
        }
      }
      new Basket([tea])
    },
    shows: {
      ...AMOUNT_OF,
      'Basket.add': [{ item: shopTea, count: 2 }],
      'new Basket': [{ items: [shopTea], first: shopTea }],
    },
  },
  'a derived class': {
    fail: () => {
      class Base {}
      class Derived extends Base {
        constructor(size: number) {
          super()
          const half = size / 2
          amountOf({ ...tea, name: `${half}` })
        }
      }
      new Derived(5)
    },
    shows: {
      amountOf: [{ item: { name: '2.5', price: null } }],
      'new Derived': [{ size: 5, half: 2.5 }],
    },
  },
  'a getter': {
    fail: () => {
      const shelf = {
        item: tea,
        get amount() {
          const { item } = this
          return amountOf(item)
        },
      }
      function read(where: typeof shelf) {
        return where.amount
      }
      read(shelf)
    },
    shows: {
      ...AMOUNT_OF,
      amount: [{ item: shopTea }],
      read: [{ where: { item: shopTea, amount: '(…)' } }],
    },
  },
  'a private method': {
    fail: () => {
      class Till {
        #open(code: string, tries: number) {
          const left = 3 - tries
          if (left < 3) amountOf(tea)
          return code
        }
        use(given: string) {
          return this.#open(given, 1)
        }
      }
      new Till().use('1234')
    },
    shows: {
      ...AMOUNT_OF,
      'Till.#open': [{ code: '1234', tries: 1, left: 2 }],
      'Till.use': [{ given: '1234' }],
    },
  },
  'patterns and defaults': {
    fail: () => {
      function take({ name, ...rest }: Item, [first, second = first * 2]: number[], tax = 0.19) {
        const { amount } = rest.price!
        return [name, second, tax, amount]
      }
      take(tea, [4])
    },
    shows: { take: [{ name: 'tea', rest: { price: null }, first: 4, second: 8, tax: 0.19 }] },
  },
  'a switch': {
    fail: () => {
      function choose(kind: string) {
        switch (kind) {
          case 'cup': {
            const chosen = cup
            return amountOf(chosen)
          }
          default: {
            const chosen = tea
            return amountOf(chosen)
          }
        }
      }
      choose('tea')
    },
    shows: { ...AMOUNT_OF, choose: [{ kind: 'tea', chosen: shopTea }] },
  },
  'a cause': {
    fail: () => {
      function wrap(item: Item) {
        const attempt = 1
        try {
          return amountOf(item)
        } catch (cause) {
          const reason = 'no amount'
          throw new Error(reason, { cause })
        }
        return attempt
      }
      wrap(tea)
    },
    shows: { ...AMOUNT_OF, wrap: [{ item: shopTea, attempt: 1, reason: 'no amount' }] },
  },
  'thrown again': {
    fail: () => {
      function again(item: Item) {
        try {
          return amountOf(item)
        } catch (error) {
          const seen = true
          if (seen) throw error
        }
        return 0
      }
      again(tea)
    },
    shows: { ...AMOUNT_OF, again: [{ item: shopTea }] },
  },
  'caught and reported later': {
    fail: () => {
      function attempt(item: Item) {
        const when = 'now'
        return amountOf(item) + when.length
      }
      try {
        attempt(tea)
      } catch (error) {
        setTimeout(() => (globalThis as any).ohnoes.captureException(error))
      }
    },
    shows: { ...AMOUNT_OF, attempt: [{ item: shopTea, when: 'now' }] },
  },
  'a promise': {
    fail: () => {
      void Promise.resolve(tea).then(function onItem(item) {
        const doubled = amountOf(item) * 2
        return doubled
      })
    },
    shows: { ...AMOUNT_OF, onItem: [{ item: shopTea }] },
  },
  'an event': {
    fail: () => {
      const button = document.body.appendChild(document.createElement('button'))
      button.id = 'buy'
      button.addEventListener('click', function onClick({ type, target }) {
        const clicks = 1
        amountOf(tea)
        return [clicks, type, target]
      })
      button.click()
    },
    shows: { ...AMOUNT_OF, onClick: [{ type: 'click', target: '<button[id="buy"]>', clicks: 1 }] },
  },
  'values of all kinds': {
    fail: () => {
      function kinds(list: number[], map: Map<string, number>, text: string) {
        const nothing = undefined
        const empty = null
        const total = (): number => list.length
        const big = 12n
        const date = new Date(NaN)
        const broken = 0 / 0
        amountOf(tea)
        return [map, text, nothing, empty, total(), big, date, broken]
      }
      kinds(
        Array.from({ length: 312 }, (_, i) => i),
        new Map([['a', 1]]),
        'x'.repeat(500),
      )
    },
    shows: {
      ...AMOUNT_OF,
      kinds: [
        {
          list: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, '… 302 more'],
          map: 'Map(1)',
          text: `${'x'.repeat(120)}…`,
          nothing: '<undefined>',
          empty: null,
          big: '12',
          date: 'Invalid Date',
          broken: 'NaN',
        },
      ],
    },
  },
  secrets: {
    fail: () => {
      function signIn(user: string, password: string, options: { token: string; size: number }) {
        const authHeader = `Basic ${password}`
        const { token: t, size } = options
        amountOf(tea)
        return [user, authHeader, t, size]
      }
      signIn('ada', 'hunter2', { token: 'abc', size: 4 })
    },
    shows: {
      ...AMOUNT_OF,
      signIn: [{ user: 'ada', options: { token: '[Filtered]', size: 4 }, size: 4 }],
    },
  },
}

Object.assign(globalThis, { failures })
