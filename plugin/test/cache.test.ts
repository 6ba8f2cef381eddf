import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLocals, type LocalsOptions } from '../src/locals.ts'

const CODE = 'export function total(cart) { const sum = add(cart); return sum }\n'

let root: string
let folder: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ohnoes-cache-'))
  mkdirSync(join(root, 'node_modules'))
  folder = join(root, 'node_modules/.cache/ohnoes-plugin')
})
afterEach(() => rmSync(root, { recursive: true }))

/** As a build of its own does it. */
const transform = (code = CODE, options: LocalsOptions = {}) =>
  createLocals(options, root).transform(code, join(root, 'src/cart.js'))

const files = (): string[] => readdirSync(folder)

function change(text: (kept: string) => string): void {
  const path = join(folder, files()[0]!)
  writeFileSync(path, text(readFileSync(path, 'utf8')))
}

test('what was made of a module is what the next build gets', async () => {
  const first = await transform()
  expect(await transform()).toEqual(first)
  expect(`${(await transform())!.map}`).toBe(`${first!.map}`)
  expect(files()).toHaveLength(1)
  change(kept => kept.replace('add(cart)', 'add(kept)'))
  expect((await transform())!.code).toContain('add(kept)')
})

test('a module without anything to show is kept as that', async () => {
  expect(await transform('export function none() {}')).toBeNull()
  expect(await transform('export function none() {}')).toBeNull()
  expect(files()).toHaveLength(1)
})

test('other code or another option is made anew', async () => {
  await transform()
  change(kept => kept.replace('add(cart)', 'add(kept)'))
  expect((await transform(CODE.replace('total', 'sum')))!.code).toContain('add(cart)')
  expect((await transform(CODE, { names: 'inline' }))!.code).toContain('add(cart)')
  expect(files()).toHaveLength(3)
})

test('a file that was half written is made anew', async () => {
  const first = await transform()
  change(kept => kept.slice(0, kept.length / 2))
  expect(await transform()).toEqual(first)
  expect(await transform()).toEqual(first)
})

test('a folder that cannot be made keeps nothing, and harms nothing', async () => {
  writeFileSync(join(root, 'node_modules/.cache'), '')
  expect((await transform())!.code).toContain('try{')
})

test('without node_modules nothing is written', async () => {
  rmSync(join(root, 'node_modules'), { recursive: true })
  expect((await transform())!.code).toContain('try{')
  expect(readdirSync(root)).toEqual([])
})

test('a folder with more than 10,000 files is emptied', { timeout: 60_000 }, async () => {
  mkdirSync(folder, { recursive: true })
  for (let i = 0; i <= 10_000; i++) writeFileSync(join(folder, `${i}`), '')
  await transform()
  expect(files()).toHaveLength(1)
})
