// Every kind of thing a page can throw, in each engine, from the throw to the collector's JSON. What is right is told
// by the source (the line), by this table (types and values), and by a page without ohnoes (what the engine gives).

import { readFile } from 'node:fs/promises'
import type { StoredEvent } from './collector.ts'
import { expect, test, type Tab } from './browser.ts'
import { attachColumn } from './table-reporter.ts'

declare const kinds: Record<string, () => void>
declare const given: Given[]
declare const ohnoes: typeof import('ohnoes')

/** What the engine hands to a listener of the page without ohnoes. */
interface Given {
  name?: string
  message?: string
  stack?: string
  filename?: string
  lineno?: number
  colno?: number
}

/** Type and value, where the name and the message that the engine gives are not what is expected. */
const EXPECTED: Record<string, { type?: string; value?: string | RegExp }> = {
  'error of another realm': { type: 'TypeError', value: 'foreign' },
  'error with throwing getters': { type: 'Error', value: '' },
  'script of another origin': { type: 'Error', value: 'Script error.' },
  'failed script': {
    type: 'ResourceError',
    value: /^http.*\/kinds\/missing\.js\?token=\[Filtered\]$/,
  },
  'failed stylesheet': { type: 'ResourceError', value: /^http.*\/kinds\/missing\.css$/ },
  'revoked Proxy': { type: 'Proxy', value: '[Proxy]' },
  'Proxy that throws': { type: 'Proxy', value: '[Proxy]' },
  object: { type: 'Object', value: '{"code":42,"reason":"x","password":"[Filtered]"}' },
  'frozen object': { type: 'Object', value: '{"code":1}' },
  'object with a message': { type: 'Object', value: 'like an error' },
  'cyclic object': { type: 'Object', value: '{"name":"loop","self":{"name":"loop","self":"[Object]"}}' },
  array: { type: 'Array', value: '[1,"two"]' },
  function: { type: 'Function', value: 'ƒ named' },
  element: { type: 'HTMLButtonElement', value: '<button[id="go"]>' },
  'rejected event': { type: 'Event', value: 'Event error' },
  string: { type: 'String', value: 'just a text' },
  'empty string': { type: 'String', value: '' },
  number: { type: 'Number', value: '0' },
  NaN: { type: 'Number', value: 'NaN' },
  false: { type: 'Boolean', value: 'false' },
  null: { type: 'Null', value: 'null' },
  undefined: { type: 'Undefined', value: 'undefined' },
  symbol: { type: 'Symbol', value: 'Symbol(sym)' },
  bigint: { type: 'BigInt', value: '7' },
  'rejected string': { type: 'String', value: 'just a text' },
  'rejected empty string': { type: 'String', value: '' },
  'rejected zero': { type: 'Number', value: '0' },
  'rejected false': { type: 'Boolean', value: 'false' },
  'rejected null': { type: 'Null', value: 'null' },
  'rejected undefined': { type: 'Undefined', value: 'undefined' },
  'ErrorEvent of the page': { type: 'Error', value: 'Uncaught TypeError: made up' },
}

/** SpiderMonkey's top frame is the class itself when a class without a constructor extends Error. */
const ODD_LINES = ['error with own properties']

/** Reported only when `resourceErrors` asks for them. */
const SILENT = ['failed image', 'failed video']

test('every kind of error arrives once, with its type, its value and the place where it was thrown', async ({
  tab,
  server,
  collector,
}) => {
  test.setTimeout(180_000)
  const source = await readFile(new URL('pages/kinds.js', import.meta.url), 'utf8')
  const lineOf = (kind: string) => source.split('\n').findIndex(line => line.endsWith(`// @${kind}`)) + 1

  await tab.goto(server.url('kinds-bare.html'))
  const names = (await tab.run(() => Object.keys(kinds))).filter(name => !SILENT.includes(name))
  expect(names.length).toBeGreaterThan(50)

  const engineGives = new Map<string, Given>()
  for (const kind of names) {
    await tab.goto(server.url('kinds-bare.html', { kind }))
    await tab.click('#go')
    engineGives.set(kind, await tab.waitFor(() => given[0]))

    await tab.goto(server.url('kinds.html', { kind }))
    await tab.click('#go')
    await settled(tab)
  }

  const events = await collector.events(server.release)
  const rows = names.map(kind => {
    const arrived = events.filter(event => event.tags.kind === kind)
    return { kind, ...check(kind, arrived, engineGives.get(kind)!, lineOf(kind)) }
  })
  const cells = Object.fromEntries(rows.map(({ kind, wrong, shown }) => [kind, wrong ?? shown]))
  await attachColumn(test.info(), { table: 'kind of error', cells })
  expect(rows.filter(row => row.wrong)).toEqual([])
  expect(events).toHaveLength(names.length)
})

test('images and media that fail to load are silent unless asked for', async ({ tab, server, collector }) => {
  for (const kind of SILENT) {
    await tab.goto(server.url('kinds.html', { kind }))
    await tab.click('#go')
    await tab.waitFor(() => document.title === 'failed')
    expect(await tab.run(() => ohnoes.getStats().occurred)).toBe(0)

    await tab.run(dsn => ohnoes.init({ dsn, resourceErrors: 'img,video' }), collector.dsn)
    await tab.click('#go')
    await settled(tab)
    expect(await tab.run(() => ohnoes.getStats().sent)).toBe(1)
  }
})

/** Until something occurred and all of it has left. */
function settled(tab: Tab) {
  return tab.waitFor(() => {
    const { occurred, sent, dropped } = ohnoes.getStats()
    return occurred && occurred === sent + Object.values(dropped).reduce((sum, n) => sum + n, 0)
  })
}

/** What is wrong about what arrived, or what the engine gives, in a few words for the table. */
function check(kind: string, arrived: StoredEvent[], engine: Given, line: number) {
  // Not every engine keeps the errors of other origins' scripts from the page.
  const expected = ((kind !== 'script of another origin' || !engine.stack) && EXPECTED[kind]) || {}
  const root = arrived[0]?.exception?.values.at(-1)
  // Natives (`at JSON.parse (<anonymous>)`) have no place; their caller has.
  const top = root?.stacktrace?.frames.findLast((frame: { lineno?: number }) => frame.lineno)
  const place = top ? `${top.lineno}:${top.colno ?? 0}` : 'none'
  const shown = `${place} ${root?.type}: ${String(root?.value).split('\n')[0]}`

  const type = expected.type ?? engine.name
  const value = expected.value ?? engine.message
  const isRightValue = value instanceof RegExp ? value.test(root?.value) : root?.value === value
  const places = placesIn(engine)
  // In evaluated code the place in the file counts, and that file's column is not known to SpiderMonkey.
  const isInFile =
    line && top?.lineno === line && (places.includes(place) || engine.stack?.includes(`line ${line} > `))
  const isEngines = place === (places[0] ?? 'none')
  const isRightPlace =
    isInFile ||
    (isEngines && (!line || !places.length || ODD_LINES.includes(kind))) ||
    // The stack may run over in the call or in the head of what is called.
    (kind === 'too much recursion' && [line, line - 1].includes(top?.lineno))

  const wrong =
    arrived.length !== 1
      ? `arrived ${arrived.length} times`
      : root.type !== type || !isRightValue
        ? `expected ${type}: ${value}, got ${root.type}: ${root.value}`
        : !isRightPlace
          ? `expected ${line || ''} ${places[0] ?? 'no place'}, got ${place}`
          : undefined
  return { shown, wrong }
}

/** `line:column` of each frame, newest first, or of the event when there is no stack. */
function placesIn({ stack = '', message = '', filename, lineno, colno }: Given): string[] {
  // V8 begins with the message, which may hold anything that looks like a place; a port looks like one too.
  const hasHeader = /^ +at /m.test(stack) && stack.includes(message)
  const frames = hasHeader ? stack.slice(stack.indexOf(message) + message.length) : stack
  const places = frames.replace(/:\/\/[\d.]+:\d+/g, '').match(/\d+:\d+/g)
  return places ?? (filename ? [`${lineno}:${colno}`] : [])
}
