import { type Item, TEA } from './errors.ts'

class Basket {
  protected items: Item[] = []

  add(item: Item): this {
    this.items.push(item)
    return this
  }

  get total(): number {
    let sum = 0
    for (const item of this.items) {
      if (item.price === null) throw new Error('no total') //: 12.0 Basket.total "new Error"
      sum += item.price
    }
    return sum
  }

  static of(count: number): Basket {
    if (count > 2) {
      throw new RangeError('too many') //: 14.0 Basket.of "new RangeError"
    }
    return new Basket()
  }
}

export class Cart extends Basket {
  #rate = 0.2

  constructor(rate: number) {
    super()
    this.#rate = rate
    if (rate > 1) throw new RangeError('a rate over 1') //: 15.0 new Cart "new RangeError"
  }

  override get total(): number {
    const net = super.total //: 12.1 Cart.total "super.total"
    console.debug(net)
    return net * (1 + this.#rate)
  }

  #check(item: Item): void {
    if (!item.price) throw new TypeError('unchecked') //: 13.0 Cart.#check "new TypeError"
    console.debug(item)
  }

  checkAll(): void {
    for (const item of this.items) {
      this.#check(item) //: 13.1 Cart.checkAll "#check("
    }
    console.debug('checked')
  }
}

export function inGetter(): number {
  const cart = new Cart(0.1).add(TEA)
  console.debug(cart)
  const total = cart.total //: 12.2 inGetter "cart.total"
  console.debug(total)
  return total + 1
}

export function inPrivate(): void {
  const cart = new Cart(0.1).add(TEA)
  cart.checkAll() //: 13.2 inPrivate "checkAll("
  console.debug('done')
}

export function inStatic(): Cart {
  const cart = Cart.of(3) //: 14.1 inStatic "of("
  console.debug(cart)
  return cart as Cart
}

export function inConstructor(): Cart {
  const cart = new Cart(7) //: 15.1 inConstructor "new Cart("
  console.debug(cart)
  return cart
}
