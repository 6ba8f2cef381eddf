import { expect, test } from 'vitest'
import { filterOf } from '../src/inbound-filter.ts'
import { INBOUND_FILTERS } from '../src/project.ts'
import type { ReceivedEvent } from '../src/received-event.ts'
import { userAgentOf } from '../src/user-agent.ts'

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'
const WEBKIT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15'

const eventOf = (fields: Partial<ReceivedEvent>): ReceivedEvent => ({
  event_id: 'a',
  timestamp: 1,
  platform: 'javascript',
  level: 'error',
  ...fields,
})
const withFrames = (...filenames: string[]) =>
  eventOf({
    exception: {
      values: [
        {
          type: 'E',
          value: '',
          stacktrace: { frames: filenames.map(filename => ({ filename, in_app: true })) },
        },
      ],
    },
  })
const filters = [...INBOUND_FILTERS]
const of = (event: ReceivedEvent, userAgent = CHROME) =>
  filterOf({ ...event, request: { ...event.request, headers: { 'User-Agent': userAgent } } }, filters)

test.each([
  ['chrome-extension://abc/x.js'],
  ['moz-extension://abc/x.js'],
  ['safari-web-extension://abc/x.js'],
  ['webkit-masked-url://hidden/'],
])('an event of frames in %s alone is of an extension', filename => {
  expect(of(withFrames(filename, '<anonymous>'))).toBe('extensions')
  expect(of(withFrames(filename, 'https://shop.example/app.js'))).toBeUndefined()
})

test.each([
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36',
])('%s is a crawler, on a page', userAgent => {
  expect(of(eventOf({}), userAgent)).toBe('crawlers')
  expect(of(eventOf({ platform: 'node' }), userAgent)).toBeUndefined()
})

test.each([
  'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/62.0.3202.94 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763',
  'Mozilla/5.0 (Windows NT 10.0; rv:57.0) Gecko/20100101 Firefox/57.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_6) AppleWebKit/604.1.34 (KHTML, like Gecko) Version/11.0 Safari/604.1.34',
])('%s is a legacy browser', userAgent => expect(of(eventOf({}), userAgent)).toBe('legacy-browsers'))

test.each([CHROME, FIREFOX, WEBKIT, ''])('%s is neither crawler nor legacy', userAgent =>
  expect(of(eventOf({}), userAgent)).toBeUndefined(),
)

test.each([
  ['http://localhost:3000/', 'localhost'],
  ['https://shop.localhost/', 'localhost'],
  ['http://127.0.0.1/a', 'localhost'],
  ['http://[::1]:8080/', 'localhost'],
  ['https://localhost.example/', undefined],
  ['https://shop.example/?x=localhost', undefined],
  ['not a url', undefined],
])('a page at %s: %s', (url, filter) => expect(of(eventOf({ request: { url } }))).toBe(filter))

test('only the filters that are on apply', () => {
  const event = eventOf({ request: { url: 'http://localhost/' } })
  expect(filterOf(event, [])).toBeUndefined()
  expect(filterOf(event, ['crawlers'])).toBeUndefined()
})

test('a user agent is found in headers of either spelling', () => {
  const agentOf = (headers: unknown) => userAgentOf(eventOf({ request: { headers } }))
  expect(agentOf({ 'user-agent': 'page' })).toBe('page')
  expect(agentOf([['User-Agent', 'page']])).toBe('page')
  expect(agentOf({ 'User-Agent': 7 })).toBe('')
  expect(agentOf([null, [], ['User-Agent']])).toBe('')
  expect(userAgentOf(eventOf({}))).toBe('')
})
