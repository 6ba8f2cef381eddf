// Stacks of real engines: each construct throws, and the frames must be where the source says. `CAPTURE=1` writes the
// strings to test/fixtures/stacks, from where test/stack.test.ts parses them in Node.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { expect, test, type Tab } from './browser.ts'
import { readyEngine } from './engines.mjs'
import { attachColumn } from './table-reporter.ts'

declare const constructs: Record<string, () => unknown>
declare const capture: (run: () => unknown) => Promise<Captured>

interface Frame {
  function?: string
  filename?: string
  lineno?: number
  colno?: number
}

interface Captured {
  name: string
  message: string
  stack: string
  frames: Frame[]
}

/** A frame that the source asks for. */
interface Wanted {
  number: number
  isOptional: boolean
  name: string | undefined
  lineno: number
  line: string
}

const FIXTURES = new URL('../test/fixtures/stacks/', import.meta.url)
const source = await readFile(new URL('pages/stacks/constructs.js', import.meta.url), 'utf8')

/** URLs that people really have, with what they are good at breaking. */
const ODD_PATHS = [
  '/app/(shop)/[id]/thrower.js',
  '/a%20b/thrower.js',
  '/@scope/pkg@1.2.3/thrower.js',
  '/t.js?v=1:2&x=(y)#h:3',
]

test.beforeEach(async ({ tab, server }) => {
  await tab.goto(server.url('stacks.html'))
  await tab.waitFor(() => typeof capture === 'function')
})

test('the frames of every construct are where the source says', async ({ tab, server }) => {
  const names = await tab.run(() => Object.keys(constructs))
  const captured: Record<string, Captured> = {}
  for (const name of names) captured[name] = await tab.run(name => capture(constructs[name]!), name)

  const cells: Record<string, string> = {}
  for (const name of names) cells[name] = check(captured[name]!.frames, wantedOf(name)) ?? 'right'
  await attachColumn(test.info(), { table: 'stack of', cells })
  if (process.env.CAPTURE)
    await writeFixture(tab.engine, readyEngine(tab.engine).version ?? 'unknown', server.origin, captured)
  expect(Object.entries(cells).filter(([, cell]) => cell !== 'right')).toEqual([])
})

test('files with odd URLs keep them', async ({ tab, server }) => {
  const thrower = await readFile(new URL('pages/stacks/thrower.js', import.meta.url), 'utf8')
  for (const path of ODD_PATHS)
    server.route(path.replace(/[?#].*/, ''), (_request, response) => {
      response.setHeader('Content-Type', 'text/javascript').end(thrower)
    })
  for (const path of ODD_PATHS) {
    const { frames } = await tab.run(
      url => capture(async () => (await import(url)).thrower()),
      server.origin + path,
    )
    // WebKit's stacks have URLs without query and fragment.
    const shown = tab.engine === 'webkit' ? path.replace(/[?#].*/, '') : path
    expect(frames[0]).toMatchObject({
      function: expect.stringContaining('thrower'),
      filename: server.origin + shown,
      lineno: 4,
    })
  }
})

test('frames of blob:, data: and named sources keep their place, WebAssembly has its offset', async ({
  tab,
}) => {
  const throwing = 'export function thrower() {\n  throw new Error("thrown")\n}'
  for (const make of ['blob', 'data'] as const) {
    const { frames } = await tab.run(
      (make, text) => {
        const url =
          make === 'blob'
            ? URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
            : `data:text/javascript,${encodeURIComponent(text)}`
        return capture(async () => (await import(url)).thrower())
      },
      make,
      throwing,
    )
    expect(frames[0]).toMatchObject({
      function: expect.stringContaining('thrower'),
      filename: expect.stringMatching(`^${make}:`),
      lineno: 2,
    })
  }

  const wasm = await tab.run(() => {
    // (func (export "f") unreachable)
    const code = [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0,
      11,
    ]
    return capture(() =>
      (new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(code))).exports as any).f(),
    )
  })
  expect(wasm.frames[0]!.function).toMatch(/wasm-function\[0\]|^f$/)
})

function wantedOf(construct: string): Wanted[] {
  return source
    .split('\n')
    .map((line, i) => ({ line, lineno: i + 1, marker: line.split('// @ ')[1]?.split(' | ') }))
    .filter(({ marker }) => marker?.[0] === construct)
    .map(({ line, lineno, marker }) => {
      const [, number = '', name] = marker!
      return {
        number: parseInt(number),
        isOptional: number.endsWith('?'),
        name,
        lineno,
        line: line.split(' // @')[0]!,
      }
    })
    .sort((a, b) => a.number - b.number)
}

/** What is wrong, in a few words. Natives and evaluated code in between are not asked for. */
function check(frames: Frame[], wanted: Wanted[]): string | undefined {
  if (!wanted.length) return 'nothing is asked for'
  const found = frames.filter(frame => frame.filename?.endsWith('/constructs.js') && frame.lineno)
  let next = 0
  for (const { number, isOptional, name, lineno, line } of wanted) {
    const frame = found[next]
    if (frame?.lineno !== lineno) {
      if (isOptional) continue
      return `frame ${number}: line ${frame?.lineno} of ${lineno}`
    }
    next++
    const isInLine = !frame.colno || (frame.colno > line.search(/\S/) && frame.colno <= line.length + 1)
    if (!isInLine) return `frame ${number}: column ${frame.colno} is outside of the line`
    if (name && !frame.function?.includes(name)) return `frame ${number}: ${frame.function} is not ${name}`
  }
  return frames.some(({ filename, function: name }) => `${filename}${name}`.includes('fake'))
    ? 'a fake frame'
    : undefined
}

async function writeFixture(
  engine: Tab['engine'],
  version: string,
  origin: string,
  captured: Record<string, Captured>,
) {
  const anonymous = (value: unknown) =>
    JSON.parse(JSON.stringify(value).replaceAll(origin, 'https://app.example'))
  const file = new URL(`${engine}-${version}.json`, FIXTURES)
  await mkdir(FIXTURES, { recursive: true })
  await writeFile(file, JSON.stringify(anonymous(captured), null, 2) + '\n')
}
