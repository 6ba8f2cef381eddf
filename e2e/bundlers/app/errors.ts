// A comment `//: 3.0 Cart.add "text"` says of its line: in the third case the frame 0, the innermost one, is in the
// function Cart.add, at the column of one of the parts of that text.

export interface Item {
  name: string
  price: number | null
}

export const TEA: Item = { name: 'tea', price: null }

export function priceOf(item: Item): number {
  if (item.price === null) {
    throw new RangeError(`no price for ${item.name}`) //: 1.0 2.0 priceOf "new RangeError"
  }
  return item.price
}

export function plain(): number {
  const price = priceOf(TEA) //: 1.1 plain "priceOf("
  return price + 1
}

function sumOf(items: Item[]): number {
  let sum = 0
  for (const item of items) {
    sum += priceOf(item) //: 2.1 sumOf "priceOf("
  }
  return sum
}

function withTax(items: Item[]): number {
  const sum = sumOf(items) //: 2.2 withTax "sumOf("
  console.debug(sum)
  return sum * 1.2
}

export function nested(): number {
  const total = withTax([TEA]) //: 2.3 nested "withTax("
  console.debug(total)
  return total + 1
}

export function natural(): unknown {
  const item = JSON.parse('{}') as { price: { net: number } }
  console.debug(item)
  return item.price.net + 1 //: 3.0 natural "item.price.net"
}

export function inCallback(): number[] {
  const list = [TEA].map(item => {
    if (!item.price) {
      throw new Error('in a callback') //: 4.0 - "new Error"
    }
    return item.price
  })
  return list
}

const later = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 1))

export async function afterAwait(): Promise<number> {
  await later()
  throw new Error('after await') //: 5.0 afterAwait "new Error"
}

async function inner(): Promise<void> {
  await later()
  throw new TypeError('inner') //: 6.0 inner "new TypeError"
}

export async function outer(): Promise<void> {
  await inner() //: 6.1 outer "await inner("
  console.debug('never')
}

export function inTimer(): Promise<never> {
  return new Promise((_, reject) => { //: 7.3 inTimer "new Promise("
    setTimeout(function onTimer() { //: 7.2 - "setTimeout("
      try {
        plainAgain() //: 7.1 onTimer "plainAgain("
      } catch (error) {
        reject(error)
      }
    })
  })
}

function plainAgain(): void {
  const items: Item[] = [TEA]
  if (items.length === 1) throw new Error('in a timer') //: 7.0 plainAgain "new Error"
  items.push(TEA)
}

export function inThen(): Promise<unknown> {
  return Promise.resolve(TEA).then(function onTea(item) {
    const { length } = (item as unknown as { tags: string[] }).tags //: 8.0 onTea "length } = (item as unknown as { tags: string[] }).tags"
    return length + 1
  })
}

function* prices(items: Item[]): Generator<number> {
  for (const item of items) {
    if (item.price === null) throw new Error('in a generator') //: 9.0 prices "new Error"
    yield item.price
  }
}

export function inGenerator(): number {
  let sum = 0
  for (const price of prices([TEA])) sum += price //: 9.1 inGenerator "for (const price of prices("
  return sum
}

export const shop = {
  open(hours: number): void {
    const left = 24 - hours
    if (left < 24) throw new Error('closed') //: 10.0 open "new Error"
    console.debug(left)
  },
}

export function inObject(): void {
  shop.open(3) //: 10.1 inObject "open("
  console.debug('open')
}

export function inHandler(): Promise<never> {
  return new Promise((_, reject) => {
    const button = document.createElement('button')
    button.addEventListener('click', function onClick(event) {
      try {
        buy(event) //: 11.1 onClick "buy("
        console.debug('bought')
      } catch (error) {
        reject(error)
      }
    })
    button.click()
  })
}

function buy(event: Event): void {
  const detail = (event as CustomEvent).detail as unknown as { item: Item } | 0
  if (!detail) throw new Error('nothing to buy') //: 11.0 buy "new Error"
  console.debug(detail)
}
