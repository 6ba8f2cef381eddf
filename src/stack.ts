import { read } from './copy.ts'
import { options, type Patterns } from './options.ts'
import type { StackFrame } from './protocol.ts'
import { matches } from './scrub.ts'

// A stack is text that anybody may have written: so many lines are read, each is cut, and the expressions have nothing
// to backtrack into: what they repeat excludes what they look for next.
const MAX_LINES = 50
const MAX_LINE = 2048

// No file at all (`[native code]`, `self-hosted`, `<anonymous>`, nothing: test() takes undefined for such a word), the
// browser itself, extensions and injected scripts, libraries, and hosts that serve little but libraries.
const NOT_IN_APP =
  /^[^./:]*$|^(chrome|resource):|-(extension|masked-url|script):|node_modules|unpkg|jsdelivr|cdnjs/

/**
 * The frames of anything that has a `stack` string, newest first, at most 50; none where it has none. A frame whose file
 * matches `inAppInclude` is the app's own, whatever the default rules say.
 */
export function parseStack(error: unknown, inAppInclude: Patterns = options.inAppInclude): StackFrame[] {
  const frames: StackFrame[] = []
  let [stack, message] = ['stack', 'message'].map(key => {
    const text = read(error, key)
    return typeof text == 'string' ? text : ''
  }) as [string, string]
  // Decided once: a line of one form in a message cannot become a frame of the other. A header says V8, too.
  const isV8 = /(^|\n) *at |^[^@\n]+: /.test(stack)
  // Not searched for in all of the stack: both may be long and alike, which costs their product.
  const start = stack.slice(0, message.length + 99).indexOf(': ' + message + '\n')
  // V8 shows the message as of the throw. If it was changed since, only the last block of `at` lines is sure not to
  // be of the message (unless that ended in such a line, and the new one does not quote it).
  if (start < 0) stack = stack.replace(/^[^]*\n(?! *at )[^\n]*\n(?= *at )/, '')
  else {
    stack = stack.slice(start + message.length + 3)
    message = ''
  }

  for (const line of linesOf(stack.split(/\n *caused/i)[0]!)) {
    if (isV8 && (!/^at /.test(line) || linesOf(message).includes(line))) continue
    // Gecko and WebKit, `fn@location`: the first @ before a scheme, else the first that is not within quotes.
    const parts = (isV8 ? line : line.replace(/^(.*?)@(?=\w+:\D)|^([^:]*?)@(?![^@]*")/, '$1$2 ('))
      // V8's `at async fn`; Gecko's `setTimeout handler*fn`; `<?>.` of older WebKit; Hermes' `(address at location)`.
      .replace(/^(at (async )?|[\w .]*\*)|address at /g, '')
      // `fn (location)`: a parenthesis that does not close within name or path; React Native has no space before it.
      .split(/ \((?![^(:)]*\)[^,)])|\((?=\/|\w+:\/)/)
    // The last part also where evals make more: eval (eval at f (eval at g (http://a/b.js:1:2)), <anonymous>:3:4)
    const [location, index, instruction_addr] = parts.pop()!.split(/:(?=wasm-|0x)|\)$/)
    // :1:2 and what an eval has after it: Gecko's `a.js line 1 > eval:3:4`, V8's `a.js:1:2), <anonymous>:3:4)`.
    const [filename, lineno, colno] = location!.split(
      // What a page injects has no place in a file.
      /(?: line |:|^)(\d{1,9})(?: > (?!injected).*|(?::(\d{1,9}))?(?:\)|$))|\), .*/,
    )
    // Names that say nothing: <anonymous>, WebKit's 0@<?>:wasm-function[0]; and Firefox 3's bar(1)@a.js:2.
    const name =
      (parts[0] || '').replace(colno ? /^<anon.*/ : /\([^(]*\)$|^\d+$/, '') ||
      index ||
      line.split(/ > (eval)/)[1]
    // Neither a name nor a position: only with a URL, [native code] or the like.
    if (name || +lineno!)
      frames.push({
        function: name,
        filename: filename!.replace(/^(unknown source|index \d|<\?).*/, '') || undefined,
        lineno: +lineno! || undefined,
        colno: +colno! || undefined,
        instruction_addr,
        in_app: !NOT_IN_APP.test(filename!) || matches(filename, inAppInclude),
      } as StackFrame) // what is undefined does not leave
  }
  return frames
}

const linesOf = (text: string): string[] =>
  text.split('\n', MAX_LINES).map(line => line.slice(0, MAX_LINE).trim())
