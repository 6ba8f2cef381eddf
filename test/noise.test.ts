import { afterEach, expect, test } from 'vitest'
import { attempt } from '../src/guard.ts'
import { isNoise as judge } from '../src/noise.ts'
import { configure, type Options } from '../src/options.ts'
import type { Event, StackFrame } from '../src/protocol.ts'

const thrown = (value: string, frames: Partial<StackFrame>[] = [], type = 'Error'): Partial<Event> => ({
  exception: {
    values: [{ type, value, stacktrace: { frames: frames.map(frame => ({ in_app: true, ...frame })) } }],
  },
})
// As capture.ts asks.
const isNoise = (event: Partial<Event>) => !!attempt(() => judge(event))
const at = (filename: string, in_app = true) => ({ filename, in_app })
const isIgnored = (event: Partial<Event>, options: Options) => {
  configure(options)
  return isNoise(event)
}

afterEach(() => configure({}))

test.each([
  'ResizeObserver loop limit exceeded',
  'ResizeObserver loop completed with undelivered notifications.',
])('%s is noise', message => {
  expect(isNoise(thrown(message))).toBe(true)
})

test('an error that only speaks of ResizeObserver is none', () => {
  expect(isNoise(thrown('cannot start the ResizeObserver loop limit exceeded'))).toBe(false)
})

test.each([
  'chrome-extension://abc/content.js',
  'moz-extension://abc/content.js',
  'safari-extension://abc/content.js',
  'safari-web-extension://abc/content.js',
  'webkit-masked-url://hidden/',
])('an error of %s alone is noise, one with the page’s own code is none', url => {
  expect(isNoise(thrown('x', [at('https://cdn.example/jquery.js', false), at(url, false)]))).toBe(true)
  expect(isNoise(thrown('x', [at(url, false)]))).toBe(true)
  expect(isNoise(thrown('x', [at('https://shop.example/app.js'), at(url, false)]))).toBe(false)
})

test('an error without frames is none', () => {
  expect(isNoise(thrown('Script error.'))).toBe(false)
  expect(isNoise({ message: 'a message' })).toBe(false)
})

test('ignoreErrors are parts of "type: message", or expressions on it, and concern messages too', () => {
  const ignoreErrors = ['out of tea', /^RangeError: .*left$/]
  expect(isIgnored(thrown('we are out of tea'), { ignoreErrors })).toBe(true)
  expect(isIgnored(thrown('none left', [], 'RangeError'), { ignoreErrors })).toBe(true)
  expect(isIgnored({ message: 'out of tea again' }, { ignoreErrors })).toBe(true)
  expect(isIgnored(thrown('none left'), { ignoreErrors })).toBe(false)
  // A script tag has one text.
  expect(isIgnored(thrown('we are out of tea'), { ignoreErrors: 'out of tea' })).toBe(true)
})

test('denyUrls and allowUrls concern the newest frame that has a URL', () => {
  const frames = [at('https://shop.example/app.js'), at('https://ads.example/ad.js'), { function: 'native' }]
  expect(isIgnored(thrown('x', frames), { denyUrls: ['ads.example'] })).toBe(true)
  expect(isIgnored(thrown('x', frames), { denyUrls: [/shop\.example/] })).toBe(false)
  expect(isIgnored(thrown('x', frames), { allowUrls: ['shop.example'] })).toBe(true)
  expect(isIgnored(thrown('x', frames), { allowUrls: [/ads\.example/] })).toBe(false)
  // What has no URL is not known to be anybody else's.
  expect(isIgnored(thrown('x'), { allowUrls: ['shop.example'] })).toBe(false)
})
