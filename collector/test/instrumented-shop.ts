import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { type Built, buildInstrumented } from '../../plugin/test/build-instrumented.ts'
import { copy, LOCALS_LENGTH } from '../../src/copy.ts'
import { parseStack } from '../../src/stack.ts'

// A shop in TypeScript whose functions leave their variables behind, minified, and what it throws.

const SOURCE = `
interface Item { price: number | null; name: string; parts?: Item[] }

function priceOf(item: Item, password: string): number {
  if (item.parts) {
    let sum = 0
    for (const part of item.parts) sum += priceOf(part, password)
    const late = sum * 2
    return late
  }
  const { price, name } = item
  if (price === null) throw new TypeError('no price for ' + name)
  return price
}

function shadowed(items: Item[]): number[] {
  const name = 'outer'
  return items.map((item, index) => {
    if (index > 5) { const name = 'never'; console.log(name) }
    { const name = 'inner ' + item.name
      const show = () => name
      return priceOf(item, show()) }
  })
}

export async function checkout(items: Item[], rate: number): Promise<number> {
  await null
  const prices = shadowed(items)
  return prices.reduce((sum, price) => sum + price * rate, 0)
}

globalThis.checkout = checkout
`

export interface InstrumentedShop extends Built {
  /** The exception of a checkout that breaks, as the bundle sends it. */
  exceptionOf(url: string): Promise<Record<string, unknown>>
}

export async function buildInstrumentedShop(): Promise<InstrumentedShop> {
  const dir = await mkdtemp(join(tmpdir(), 'ohnoes-shop-'))
  try {
    await writeFile(join(dir, 'shop.ts'), SOURCE)
    const built = await buildInstrumented(join(dir, 'shop.ts'))
    return { ...built, exceptionOf: url => exceptionOf(built.code, url) }
  } finally {
    await rm(dir, { recursive: true })
  }
}

async function exceptionOf(code: string, url: string): Promise<Record<string, unknown>> {
  const page: Record<string, any> = { console }
  page.globalThis = page
  runInNewContext(code, page, { filename: url })
  const box = {
    name: 'box',
    price: 1,
    parts: [
      { name: 'lid', price: 2 },
      { name: 'tea', price: null },
    ],
  }
  const error: unknown = await page.checkout([{ name: 'cup', price: 3 }, box], 0.2).catch((e: unknown) => e)
  const frames = parseStack(error as Error).filter(({ filename }) => filename === url)
  return {
    type: 'TypeError',
    value: (error as Error).message,
    stacktrace: { frames: frames.reverse() },
    ohnoes_locals: copy(page.__ohnoes_locals(error), 5, 8192, LOCALS_LENGTH),
  }
}
