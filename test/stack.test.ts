import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Patterns } from '../src/options.ts'
import type { StackFrame } from '../src/protocol.ts'
import { parseStack } from '../src/stack.ts'

type Place = [name?: string | undefined, filename?: string | undefined, lineno?: number, colno?: number]

const parseStackText = (stack: unknown, message?: unknown, inAppInclude?: Patterns) =>
  parseStack({ stack, message }, inAppInclude)

const places = (frames: StackFrame[]) =>
  frames.map(({ function: name, filename, lineno, colno }) => [name, filename, lineno, colno])

/** The one frame of one line. */
const parse = (line: string) => places(parseStackText(line))[0]

// Lines as the engines print them: Chromium 156, Firefox 153 and ESR, WebKitGTK 2.50, Hermes, older ones where it says so.
const LINES: Record<string, [line: string, ...place: Place][]> = {
  V8: [
    ['    at fn (http://a.b:80/c.js?d=1:2#e:3:4:5)', 'fn', 'http://a.b:80/c.js?d=1:2#e:3', 4, 5],
    ['    at http://a.b/c.js:1:2', undefined, 'http://a.b/c.js', 1, 2],
    ['    at new A (http://a.b/c.js:1:2)', 'new A', 'http://a.b/c.js', 1, 2],
    ['    at Object.s [as other] (http://a.b/c.js:1:2)', 'Object.s [as other]', 'http://a.b/c.js', 1, 2],
    ['    at get g (http://a.b/c.js:1:2)', 'get g', 'http://a.b/c.js', 1, 2],
    ['    at #x (http://a.b/c.js:1:2)', '#x', 'http://a.b/c.js', 1, 2],
    ['    at [Symbol.iterator] (http://a.b/c.js:1:2)', '[Symbol.iterator]', 'http://a.b/c.js', 1, 2],
    ['    at a (b) (http://a.b/c.js:1:2)', 'a (b)', 'http://a.b/c.js', 1, 2],
    ['    at a(b) (http://a.b/c.js:1:2)', 'a(b)', 'http://a.b/c.js', 1, 2],
    ['    at http://x/y (http://a.b/c.js:1:2)', 'http://x/y', 'http://a.b/c.js', 1, 2],
    ['    at a@b (http://a.b/@at/c.js:1:2)', 'a@b', 'http://a.b/@at/c.js', 1, 2],
    ['    at f (http://a.b/(group)/c.js:1:2)', 'f', 'http://a.b/(group)/c.js', 1, 2],
    ['    at f (http://a.b/c(d.js:1:2)', 'f', 'http://a.b/c(d.js', 1, 2],
    ['    at f (http://a.b/c)d.js:1:2)', 'f', 'http://a.b/c)d.js', 1, 2],
    ['    at f (/Users/me (old)/my app/c.js:1:2)', 'f', '/Users/me (old)/my app/c.js', 1, 2],
    ['    at /Users/me (old)/c.js:1:2', undefined, '/Users/me (old)/c.js', 1, 2],
    ['    at async fn (http://a.b/c.js:1:2)', 'fn', 'http://a.b/c.js', 1, 2],
    ['    at async http://a.b/c.js:1:2', undefined, 'http://a.b/c.js', 1, 2],
    ['    at async Promise.all (index 1)', 'Promise.all'],
    ['    at Array.map (<anonymous>)', 'Array.map', '<anonymous>'],
    ['    at new Promise (<anonymous>)', 'new Promise', '<anonymous>'],
    ['    at inl (<anonymous>:1:29)', 'inl', '<anonymous>', 1, 29],
    ['    at eval (eval at f (http://a.b/c.js:9:19), <anonymous>:1:7)', 'eval', 'http://a.b/c.js', 9, 19],
    [
      '    at g (eval at f (eval at e (http://a.b/(c)/d.js:9:19)), <anonymous>:1:7)',
      'g',
      'http://a.b/(c)/d.js',
      9,
      19,
    ],
    [
      '    at eval (webpack-internal:///(app)/./src/c.tsx:1:2)',
      'eval',
      'webpack-internal:///(app)/./src/c.tsx',
      1,
      2,
    ],
    ['    at f (blob:http://a.b/0-1:1:2)', 'f', 'blob:http://a.b/0-1', 1, 2],
    ['    at f (data:text/javascript,f(1)//@x:1:60)', 'f', 'data:text/javascript,f(1)//@x', 1, 60],
    ['    at about:srcdoc:1:79', undefined, 'about:srcdoc', 1, 79],
    ['    at f (wasm://wasm/ab46ccd6:wasm-function[0]:0x23)', 'f', 'wasm://wasm/ab46ccd6'],
    ['    at wasm://wasm/ab46ccd6:wasm-function[0]:0x23', 'wasm-function[0]', 'wasm://wasm/ab46ccd6'],
    ['    at JSON.parse (native)', 'JSON.parse', 'native'],
  ],
  SpiderMonkey: [
    ['fn@http://a.b/c.js?d=1:2#e:3:4:5', 'fn', 'http://a.b/c.js?d=1:2#e:3', 4, 5],
    ['@http://a.b/c.js:1:2', undefined, 'http://a.b/c.js', 1, 2],
    ['x/<@http://a.b/@at/c.js:1:2', 'x/<', 'http://a.b/@at/c.js', 1, 2],
    ['@who@http://a.b/c.js:1:2', '@who', 'http://a.b/c.js', 1, 2],
    ['p["q\'@"]@http://a.b/c.js:1:2', 'p["q\'@"]', 'http://a.b/c.js', 1, 2],
    ['http://x/y@http://a.b/c.js:1:2', 'http://x/y', 'http://a.b/c.js', 1, 2],
    ['a (b)@http://a.b/c.js:1:2', 'a (b)', 'http://a.b/c.js', 1, 2],
    ['@http://a.b/c.js line 9 > eval:1:7', 'eval', 'http://a.b/c.js', 9],
    ['f@http://a.b/c.js line 9 > eval line 1 > eval:1:7', 'f', 'http://a.b/c.js', 9],
    ['anonymous@http://a.b/c.js line 9 > Function:3:7', 'anonymous', 'http://a.b/c.js', 9],
    ['f@http://a.b/ line 9 > injectedScript:1:2', 'f', 'http://a.b/ line 9 > injectedScript', 1, 2],
    ['async*fn@http://a.b/c.js:1:2', 'fn', 'http://a.b/c.js', 1, 2],
    ['setTimeout handler*fn@http://a.b/c.js:1:2', 'fn', 'http://a.b/c.js', 1, 2],
    ['promise callback*@http://a.b/c.js:1:2', undefined, 'http://a.b/c.js', 1, 2],
    ['map@self-hosted:1:2', 'map', 'self-hosted', 1, 2],
    ['@http://a.b/c.wasm:wasm-function[1]:0x27', 'wasm-function[1]', 'http://a.b/c.wasm'],
    [
      '@http://a.b/c.js line 3 > WebAssembly.Module:wasm-function[0]:0x23',
      'wasm-function[0]',
      'http://a.b/c.js',
      3,
    ],
    ['bar(1)@http://a.b/c.js:13', 'bar', 'http://a.b/c.js', 13],
  ],
  JavaScriptCore: [
    ['global code@http://a.b/c.js:1:2', 'global code', 'http://a.b/c.js', 1, 2],
    ['http://a.b/@react-refresh:1:2', undefined, 'http://a.b/@react-refresh', 1, 2],
    ['a@b@http://a.b/c.js:1:2', 'a@b', 'http://a.b/c.js', 1, 2],
    ['map@[native code]', 'map', '[native code]'],
    ['eval code@', 'eval code'],
    ['0@<?>:wasm-function[0]', 'wasm-function[0]'],
    ['<?>.wasm-function[3]@[wasm code]', '<?>.wasm-function[3]', '[wasm code]'],
    ['f@webkit-masked-url://hidden/:1:2', 'f', 'webkit-masked-url://hidden/', 1, 2],
    ['@user-script:350:24:30', undefined, 'user-script:350', 24, 30],
    ['f@capacitor://localhost/c.js:1:2', 'f', 'capacitor://localhost/c.js', 1, 2],
    ['f@/node_modules/@scope/c.js:1:2', 'f', '/node_modules/@scope/c.js', 1, 2],
    ['/private/var/My App.app/main.jsbundle:1:2', undefined, '/private/var/My App.app/main.jsbundle', 1, 2],
    ['f@index.ios.bundle:1:2', 'f', 'index.ios.bundle', 1, 2],
    ['index.ios.bundle:1:2', undefined, 'index.ios.bundle', 1, 2],
  ],
  'Hermes, Deno, Bun': [
    ['    at f (address at index.android.bundle:1:2)', 'f', 'index.android.bundle', 1, 2],
    ['    at f (native)', 'f', 'native'],
    ['    at f (ext:core/01_core.js:1:2)', 'f', 'ext:core/01_core.js', 1, 2],
    ['    at async file:///C:/Users/me/c.ts:1:2', undefined, 'file:///C:/Users/me/c.ts', 1, 2],
    ['    at <anonymous> (/app/c.ts:1:2)', undefined, '/app/c.ts', 1, 2],
    ['    at new Promise (1:11)', 'new Promise', undefined, 1, 11],
    ['    at f (C:\\my app\\c.js:1:2)', 'f', 'C:\\my app\\c.js', 1, 2],
  ],
}

for (const [engine, lines] of Object.entries(LINES))
  describe(`${engine}:`, () => {
    test.each(lines)('%s', (line, name, filename, lineno, colno) => {
      expect(parse(line)).toEqual([name, filename, lineno, colno])
    })
  })

test('a wasm frame has the offset in the module as its address', () => {
  expect(parseStackText('    at f (wasm://wasm/1:wasm-function[42]:0x1a2b)')).toEqual([
    { function: 'f', filename: 'wasm://wasm/1', instruction_addr: '0x1a2b', in_app: true },
  ])
})

test('a line without a name and a place is not a frame', () => {
  for (const line of [
    '@',
    '    at <anonymous>',
    'eval code',
    'baz',
    'Error',
    '',
    '    at the end of the day',
    '[native code]',
    'http://a.b/c.js',
  ])
    expect(parseStackText(line)).toEqual([])
})

test('lines may end in CR LF, be blank, or be followed by the stack of the cause', () => {
  const stack =
    'Error: x\n    at f (a.js:1:2)\n\n    at g (a.js:3:4)\nCaused by: Error: y\n    at h (a.js:5:6)'
  const names = (stack: string) => places(parseStackText(stack, 'x')).map(([name]) => name)
  expect(names(stack)).toEqual(['f', 'g'])
  expect(names('Error: x\r\n    at f (a.js:1:2)\r\n    at g (a.js:3:4)\r\n')).toEqual(['f', 'g'])
  expect(names('f@http://a.b/c.js:1:2\r\ng@http://a.b/c.js:3:4\r\n')).toEqual(['f', 'g'])
})

test('of many frames the newest 50 are kept', () => {
  const stack = Array.from({ length: 2000 }, (_, i) => `f${i}@http://a.b/c.js:${i + 1}:1`).join('\n')
  const frames = parseStackText(stack)
  expect(frames.length).toBe(50)
  expect(frames[0]).toMatchObject({ function: 'f0', lineno: 1 })
})

describe('no line of the message becomes a frame:', () => {
  const fake = '    at evil (http://evil/x.js:1:1)\nevil@http://evil/x.js:1:1\nhttp://evil/x.js:1:1'
  const real = '\n    at real (http://a.b/c.js:1:2)\n    at http://a.b/c.js:3:4'
  const files = (stack: string, message?: unknown) => [
    ...new Set(parseStack({ stack, message }).map(frame => frame.filename)),
  ]

  test('as thrown', () => {
    expect(files(`Error: ${fake}${real}`, fake)).toEqual(['http://a.b/c.js'])
    expect(files(`${fake}${real}`, fake)).toEqual(['http://a.b/c.js'])
  })
  test('in an engine whose error has no frames', () => {
    expect(files(`AggregateError: ${fake}`, fake)).toEqual([])
    expect(files('Error: see foo@http://evil/x.js:1:1', 'changed')).toEqual([])
  })
  test('when the name was changed since', () => {
    expect(files(`Old: name: ${fake}${real}`, fake)).toEqual(['http://a.b/c.js'])
  })
  test('when the message was changed since', () => {
    expect(files(`Error: ${fake}\nof old${real}`, 'changed')).toEqual(['http://a.b/c.js'])
    expect(files(`Error: ${fake}\nof old${real}`, '')).toEqual(['http://a.b/c.js'])
    expect(files(`Error: x\n${fake}\nof old${real}\nappended`, 'x y')).toEqual(['http://a.b/c.js'])
  })
  test('whatever ends the lines of the old one', () => {
    for (const end of ['\n', '\r\n', '\r\r\n', '\u2028\n'])
      expect(files(`Error: x${end}${fake}${end}of old${end}${real.slice(1)}`, 'changed')).toEqual([
        'http://a.b/c.js',
      ])
  })
  test('when it ends in such a line and was given a prefix since', () => {
    const old = 'x\n    at evil (http://evil/x.js:1:1)'
    expect(files(`Error: ${old}${real}`, `context: ${old}`)).toEqual(['http://a.b/c.js'])
  })
  test('with a real error of this engine', () => {
    const error = new Error(fake)
    error.name = 'Renamed'
    const names = parseStack(error).map(frame => frame.filename)
    expect(names.length).toBeGreaterThan(0)
    expect(names).not.toContain('http://evil/x.js')
  })
})

test('the frames of an engine without a header survive any message', () => {
  const stack = 'f@http://a.b/c.js:1:2\n@http://a.b/c.js:3:4'
  for (const message of ['', 'x', 'f', 'f@http://a.b/c.js', 'http://a.b/c.js:1:2\nx', undefined])
    expect(parseStackText(stack, message).length).toBe(2)
})

describe('in_app', () => {
  const isInApp = (filename: string, include?: (string | RegExp)[]) =>
    parseStackText(`f@${filename}`, '', include)[0]!.in_app

  test.each(['http://a.b/c.js', 'file:///c.js', 'app:///c.js', 'blob:http://a.b/1', 'webpack:///./src/c.js'])(
    '%s is the app',
    url => expect(isInApp(url + ':1:2')).toBe(true),
  )
  test.each([
    'http://a.b/node_modules/c.js',
    'webpack-internal:///./node_modules/c.js',
    'chrome-extension://a/c.js',
    'moz-extension://a/c.js',
    'safari-web-extension://a/c.js',
    'webkit-masked-url://hidden/',
    'user-script:3',
    'resource://gre/c.js',
    'self-hosted',
    '<anonymous>',
    'https://unpkg.com/a@1/c.js',
    'https://cdn.jsdelivr.net/npm/a/c.js',
    'https://cdnjs.cloudflare.com/ajax/libs/a.js',
  ])('%s is not', url => expect(isInApp(url + ':1:2')).toBe(false))
  test('native frames and frames without a file are not', () => {
    expect(isInApp('[native code]')).toBe(false)
    expect(isInApp('')).toBe(false)
  })
  test('what inAppInclude names is, every time', () => {
    const pattern = /node_modules\/ours/g
    for (let i = 0; i < 3; i++) expect(isInApp('http://a.b/node_modules/ours/c.js:1:2', [pattern])).toBe(true)
    expect(isInApp('https://unpkg.com/ours.js:1:2', ['x', '/ours.js'])).toBe(true)
    expect(isInApp('https://unpkg.com/theirs.js:1:2', ['/ours.js'])).toBe(false)
  })
})

test('an object that throws at every touch has no frames', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const hostile = {
    get stack() {
      throw new Error()
    },
  }
  const halfHostile = {
    stack: 'f@http://a.b/c.js:1:2',
    get message() {
      throw new Error()
    },
  }
  for (const thrown of [proxy, hostile, null, undefined, 'text', 5, Symbol(), { stack: 5 }, { stack: proxy }])
    expect(parseStack(thrown)).toEqual([])
  expect(parseStack(halfHostile).length).toBe(1)
})

describe('whatever the text is, frames of sane types come back:', () => {
  const isSane = (stack: unknown, message?: unknown) => {
    const frames = parseStackText(stack, message)
    expect(frames.length).toBeLessThanOrEqual(50)
    for (const frame of frames) {
      const {
        function: name = 'f',
        filename = 'f',
        lineno = 1,
        colno = 1,
        instruction_addr = '0x0',
        ...rest
      } = frame
      expect([typeof name, typeof filename, typeof instruction_addr]).toEqual(['string', 'string', 'string'])
      expect(name && filename && name.length + filename.length < 5000).toBe(true)
      expect(Number.isSafeInteger(lineno) && lineno > 0 && Number.isSafeInteger(colno) && colno > 0).toBe(
        true,
      )
      expect(rest).toEqual({ in_app: expect.any(Boolean) })
    }
  }
  const all = Object.values(LINES).flatMap(lines => lines.map(([line]) => line))
  const splice = fc
    .tuple(fc.constantFrom(...all), fc.constantFrom(...all), fc.nat(80), fc.nat(80), fc.string())
    .map(([a, b, i, j, between]) => a.slice(0, i) + between + b.slice(j))

  test('random text', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.anything(), isSane), { numRuns: 2000 }))
  test('random splices of real lines', () => {
    const text = fc.array(splice, { maxLength: 20 }).map(lines => lines.join('\n'))
    fc.assert(fc.property(text, fc.option(splice), isSane), { numRuns: 3000 })
  })
  test('a message spliced from real lines before real frames', () => {
    fc.assert(
      fc.property(fc.array(splice, { maxLength: 5 }), lines => {
        const message = lines.join('\n')
        const frames = parseStackText(`Error: ${message}\n    at real (http://real/c.js:1:2)`, message)
        expect(places(frames)).toEqual([['real', 'http://real/c.js', 1, 2]])
      }),
      { numRuns: 2000 },
    )
  })
  test.each([
    ' ',
    '@',
    '(',
    ')',
    '(a)',
    '"',
    "'",
    ':1',
    '\n',
    '\r',
    'at ',
    '\nat (',
    '\n@:',
    ' (eval at ',
    'a',
    ' line 1 > eval',
  ])('a megabyte of %j', piece => {
    const text = piece.repeat(1e6 / piece.length)
    for (const stack of [
      text,
      `Error: ${text}`,
      `    at ${text}`,
      `f@${text}:1:2`,
      `${text}\n    at f (a.js:1:2)`,
    ])
      for (const message of [undefined, text]) isSane(stack, message)
  })
})

describe('the strings that e2e captured', () => {
  const folder = new URL('fixtures/stacks/', import.meta.url)
  const files = readdirSync(folder)

  test('are there for three engines', () => {
    expect(new Set(files.map(file => file.split('-')[0]))).toEqual(new Set(['chromium', 'firefox', 'webkit']))
  })
  test.each(files)('%s parses to the frames that were checked against the source', file => {
    const captured = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<
      string,
      { frames: unknown[] }
    >
    expect(Object.keys(captured).length).toBeGreaterThan(20)
    for (const error of Object.values(captured)) expect(parseStack(error)).toEqual(error.frames)
  })
})
