import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { rolldown } from 'rolldown'
import { parseStack } from '../../src/stack.ts'

// A shop in TypeScript, built and minified, and the errors it throws.

const SOURCE = `
interface Item { price: number | null; name: string }

class Basket {
  items: Item[] = []
  get total(): number {
    return this.items.reduce((sum, item) => sum + priceOf(item), 0)
  }
  static async load(items: Item[]): Promise<Basket> {
    const basket = new Basket()
    basket.items = items
    await null
    console.log(basket.total)
    return basket
  }
}

function priceOf(item: Item): number {
  if (item.price === null) throw new TypeError('no price for ' + item.name)
  return item.price
}

export function checkout(items: Item[]): number {
  const basket = new Basket()
  basket.items = items
  return basket.total
}

globalThis.checkout = checkout
globalThis.load = Basket.load
`

export interface BuiltShop {
  code: string
  map: string
  /** The frames of what `checkout` throws, as the bundle sends them. */
  framesOf(url: string): Promise<Record<string, any>[]>
}

export const lineOf = (text: string): number => SOURCE.split('\n').findIndex(line => line.includes(text)) + 1

export async function buildShop(): Promise<BuiltShop> {
  const dir = await mkdtemp(join(tmpdir(), 'ohnoes-shop-'))
  try {
    await writeFile(join(dir, 'shop.ts'), SOURCE)
    const bundle = await rolldown({ input: join(dir, 'shop.ts'), cwd: dir })
    await bundle.write({
      dir: join(dir, 'dist'),
      format: 'iife',
      name: 'shop',
      minify: true,
      sourcemap: true,
    })
    await bundle.close()
    const [code, map] = await Promise.all(
      ['shop.js', 'shop.js.map'].map(name => readFile(join(dir, 'dist', name), 'utf8')),
    )
    return { code: code!, map: map!, framesOf: url => framesOf(code!, url) }
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** The frames of what a built shop throws, oldest first. */
export async function framesOf(code: string, url: string): Promise<Record<string, any>[]> {
  const page: Record<string, any> = { console }
  page.globalThis = page
  runInNewContext(code, page, { filename: url })
  try {
    page.checkout([{ price: null, name: 'tea' }])
  } catch (error) {
    return parseStack(error as Error)
      .filter(({ filename }) => filename === url)
      .reverse()
  }
  throw new Error('The shop did not break.')
}
