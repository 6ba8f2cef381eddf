import { read } from './copy.ts'
import type { StackFrame } from './protocol.ts'

// A stack is text that anybody may have written: each line is cut, and then looked at a constant number of times,
// with indexOf or with expressions that have nothing to backtrack into.
const MAX_LINE = 2048
const MAX_FRAMES = 50

// The browser itself, extensions and injected scripts, libraries, and hosts that serve little but libraries.
const NOT_IN_APP =
  /^([[<]|native|self-hosted|(chrome|resource|node|user-script|webkit-masked-url):)|-extension:|node_modules|\/\/(unpkg|esm|cdnjs|cdn\.jsdelivr|code\.jquery|ajax\.googleapis)\./

/** A frame whose file contains one of these is the app's own, whatever the default rules say. */
export type InAppInclude = readonly (string | RegExp)[]

/** The frames of anything that has a `stack` string, newest first, at most 50; none where it has none. */
export function parseStack(error: unknown, inAppInclude?: InAppInclude): StackFrame[] {
  return parseStackText(read(error, 'stack'), read(error, 'message'), inAppInclude)
}

/** The same for a stack string and, where known, the message of its error. */
export function parseStackText(
  stack: unknown,
  message?: unknown,
  inAppInclude: InAppInclude = [],
): StackFrame[] {
  const frames: StackFrame[] = []
  if (typeof stack != 'string') return frames
  const lines = frameLines(stack, message)
  const parseLine = lines.some(isAt) ? parseV8 : parseGecko
  for (const line of lines) {
    if (frames[MAX_FRAMES - 1] || (frames[0] && /^caused by/i.test(line))) break
    const frame = parseLine(line)
    if (!frame) continue
    const { filename = '<' } = frame
    frame.in_app =
      !NOT_IN_APP.test(filename) ||
      inAppInclude.some(part =>
        typeof part == 'string' ? filename.includes(part) : filename.search(part) >= 0,
      )
    frames.push(frame)
  }
  return frames
}

const isAt = (line: string | undefined) => /^at /.test(line!)

/**
 * The trimmed lines of a stack without those of its message.
 *
 * V8 begins with `name: message` as of the throw, Gecko and WebKit with the first frame. A message that was changed
 * since is not found in there: then only the last block of `at` lines is sure not to be of the message (unless that
 * ended in such a line and the new one does not quote it), and a header without `at` lines is nothing but message.
 */
function frameLines(stack: string, message: unknown): string[] {
  const linesFrom = (start: number) =>
    stack
      .slice(start)
      .split('\n')
      .map(line => line.slice(0, MAX_LINE).trim())
  const isKnown = typeof message == 'string'
  const text = isKnown ? message : ''
  const [header] = /^[^@\n]+?: /.exec(stack) || ['']
  for (const start of [0, header.length])
    if (text && stack.startsWith(text, start)) {
      const lines = linesFrom(start + text.length)
      if (!lines[0]) return lines
    }

  const lines = linesFrom(0)
  let end = lines.length
  while (end && !isAt(lines[end - 1])) end--
  if (!end) return header ? [] : lines
  if (!(isKnown && (text || header))) return lines
  let first = end
  while (isAt(lines[first - 1])) first--
  while (first < end - 1 && text.includes(lines[first]!)) first++
  return lines.slice(first, end)
}

/** `at fn (location)` or `at location`; names, paths and evals have parentheses of their own. */
function parseV8(line: string): StackFrame | undefined {
  if (!isAt(line)) return
  line = line.slice(3).replace(/^async |address at /, '')
  // The parenthesis that the last one closes; with a space before it, unless the line has none such.
  let open = line.length
  let depth = 0
  do depth += +(line[--open] == ')') - +(line[open] == '(')
  while (open && depth > 0)
  const isClosed = line[open] == '('
  const spaced = line.lastIndexOf(' (', isClosed ? open : line.length) + 1
  open = isClosed ? spaced || open : /[:/\\]/.test(line.slice(0, spaced)) ? 0 : spaced

  let location = line.slice(open && open + 1).replace(/\)$/, '')
  // eval at f (eval at g (http://a/b.js:1:2)), <anonymous>:3:4
  const origin = location.lastIndexOf('eval at ')
  if (origin >= 0) location = location.slice(location.indexOf(' (', origin) + 2).split(/\)(?:[),]|$)/)[0]!
  return toFrame(line.slice(0, open).trim(), location)
}

/** `fn@location`, or a location alone; WebKit also has lines that are only a name. */
function parseGecko(line: string): StackFrame | undefined {
  let at = line.search(/@[\w+.-]+:\D/)
  if (at < 0 && !/^(\/|[^@]*:\/\/)/.test(line)) at = line.search(/@(?![^@]*")/)
  if (at < 0 && !/^(\/.*|\S+):\d+$|^\[native code]$/.test(line)) return
  // setTimeout handler*fn; <?>.wasm-function[0] of older WebKit
  return toFrame(at < 0 ? '' : line.slice(0, at).replace(/^([\w .]*\*|<\?>\.)/, ''), line.slice(at + 1))
}

function toFrame(name: string, location: string): StackFrame | undefined {
  const frame: StackFrame = { in_app: false }
  let [tail, index, address, line, column] =
    /(?:^|:)(?:(wasm-function\[\d+\])(?::(0x\w+))?|(\d{1,9})(?::(\d{1,9}))?)$/.exec(location) || ['']
  let filename = location.slice(0, location.length - tail.length)
  if (index && !/\D/.test(name)) name = index // WebKit: 0@<?>:wasm-function[0]
  if (address) frame.instruction_addr = address

  // Gecko: http://a/b.js line 1 > eval line 2 > eval. What a page injects has no place in a file.
  const outer = /^(.+?) line (\d+) > (?!injected)/.exec(filename)
  if (outer) {
    ;[, filename, line] = outer as unknown as [string, string, string]
    column = ''
    name = name || 'eval'
  } else if (line && !column && name.endsWith(')')) name = name.slice(0, name.indexOf('(')) // Firefox 3: bar(1)@a.js:2

  if (name && name != '<anonymous>') frame.function = name
  if (filename && !/^(unknown source|index \d|<\?)/.test(filename)) frame.filename = filename
  if (+line!) frame.lineno = +line!
  if (+column!) frame.colno = +column!
  if (frame.function || frame.lineno || /^((?!<an)\S+|\[native code])$/.test(filename)) return frame
  return
}
