import { afterEach, beforeEach, expect, test } from 'vitest'
import { debugImages } from '../src/debug-ids.ts'

const page = globalThis as Record<string, unknown>
const frames = (...files: (string | undefined)[]) =>
  files.map(filename => ({ in_app: true, ...(filename && { filename, lineno: 1 }) }))
const images = (...files: (string | undefined)[]) =>
  Object.fromEntries(debugImages(frames(...files)).map(image => [image.code_file, image.debug_id]))

beforeEach(() => {
  page.self = globalThis
})
afterEach(() => {
  for (const name of ['_ohnoesDebugIds', '_sentryDebugIds', '_debugIds', 'self']) delete page[name]
})

test('a page without a registry has no images', () => {
  expect(debugImages(frames('https://a.b/c.js', undefined))).toEqual([])
})

test('an image names the file as the stack does, once', () => {
  page._ohnoesDebugIds = { 'https://a.b/c.js': 'id-1' }
  expect(debugImages(frames('https://a.b/c.js', 'https://a.b/d.js', 'https://a.b/c.js'))).toEqual([
    { type: 'sourcemap', code_file: 'https://a.b/c.js', debug_id: 'id-1' },
  ])
})

test('a registered URL may have a query that the stack does not have, and longer neighbours', () => {
  page._ohnoesDebugIds = {
    'https://a.b/c.js.js': 'wrong',
    'https://a.b/c.jsx?v=1': 'wrong',
    'https://a.b/c.js?v=1': 'id-1',
    'https://a.b/d.js#x': 'id-2',
  }
  expect(images('https://a.b/c.js', 'https://a.b/d.js')).toEqual({
    'https://a.b/c.js': 'id-1',
    'https://a.b/d.js': 'id-2',
  })
})

test.each([
  ['V8', 'Error\n    at https://a.b/c.js:1:123\n    at https://a.b/loader.js:1:2'],
  ['V8, in a function', 'Error\n    at Module.x (https://a.b/c.js:1:123)\n    at https://a.b/loader.js:1:2'],
  ['SpiderMonkey', '@https://a.b/c.js:1:123\n@https://a.b/loader.js:1:2\n'],
  ['JavaScriptCore', 'global code@https://a.b/c.js:1:123\nhttps://a.b/loader.js:1:2'],
])('a stack of another plugin (%s) stands for the file of its newest frame', (_, stack) => {
  page._sentryDebugIds = { [stack]: 'id-1' }
  expect(images('https://a.b/c.js', 'https://a.b/loader.js')).toEqual({ 'https://a.b/c.js': 'id-1' })
  page._debugIds = { [stack.replace('/c.js', '/d.js')]: 'id-2' }
  expect(images('https://a.b/d.js')).toEqual({ 'https://a.b/d.js': 'id-2' })
})

test('our own registry comes first', () => {
  page._sentryDebugIds = { 'Error\n    at https://a.b/c.js:1:2': 'theirs' }
  page._ohnoesDebugIds = { 'https://a.b/c.js': 'ours' }
  expect(images('https://a.b/c.js')).toEqual({ 'https://a.b/c.js': 'ours' })
})

test('what is registered later is found, and a hostile registry hides no other', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  page._ohnoesDebugIds = proxy
  page._sentryDebugIds = {
    get 'Error\n    at https://a.b/d.js:1:2'() {
      throw new Error()
    },
  }
  expect(images('https://a.b/c.js')).toEqual({})
  page._debugIds = { '@https://a.b/c.js:1:2': 'id-1' }
  expect(images('https://a.b/c.js')).toEqual({ 'https://a.b/c.js': 'id-1' })
})
