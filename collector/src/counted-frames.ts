import { moduleOf } from './module-name.ts'
import type { ReceivedFrame } from './received-event.ts'
import { remembered } from './remembered.ts'

/**
 * The throw, its caller and that one's: places further out say how one got there more than what went wrong, and engines
 * do not agree on them. Chromium keeps ten frames at all, and goes on past `await` where the others end.
 */
const MAX_COUNTED = 3
/** A longer line of source is minified code. */
const MAX_LINE_LENGTH = 200

const NO_FILE = /^(?:native|\[native code\]|self-hosted|<[^>]*>|eval|eval code|internal|data:|javascript:)/i
const FOREIGN_FILE =
  /[\\/]node_modules[\\/]|^node:|-extension:\/\/|^webkit-masked-url:|(?:^|[\\/(])webpack[\\/](?:runtime|bootstrap)|vite[\\/](?:preload-helper|modulepreload-polyfill)|commonjsHelpers|[\\/]zone(?:\.min)?\.js/
// Hosts that serve little but libraries.
const LIBRARY_HOST =
  /^https?:\/\/(?:[\w-]+\.)*(?:jsdelivr\.net|unpkg\.com|esm\.sh|esm\.run|cdnjs\.cloudflare\.com|googleapis\.com|jquery\.com|skypack\.dev|jspm\.io|bootstrapcdn\.com|aspnetcdn\.com|googletagmanager\.com|google-analytics\.com)\//i
// What compilers and bundlers put between the functions people wrote.
const RUNTIME_HELPER =
  /^(?:__(?:awaiter|generator|async|asyncGenerator|decorate|spreadArray|require|commonJS|esm|export|toESM|vitePreload|webpack_require__|webpack_exec__|ohnoes_locals)|_?asyncToGenerator|asyncGeneratorStep|_next|_throw|tryCatch|_?regenerator\w{0,40}|_callSuper|_construct|_classCallCheck|_wrapNativeSuper|\$l|eval)$/

/** A frame as groups compare it: its module with its line of source, or else with its function's name. */
export interface CountedFrame {
  text: string
  /** Whether it says more than the module. */
  isTelling: boolean
}

/** The places of a stack that say which problem it is, innermost first, each once: recursion has no depth. */
export function countedFrames(frames: ReceivedFrame[], maxCounted = MAX_COUNTED): CountedFrame[] {
  const usable = frames.filter(isUsable)
  const own = usable.filter(({ in_app }) => in_app)
  const counted = new Map<string, CountedFrame>()
  for (const frame of (own.length ? own : usable).toReversed()) {
    const place = placeOf(frame)
    // Nameless callers say little, and engines disagree on them: WebKit has no name for getters (2.50, 2026-11).
    if (counted.size && !place.isTelling) continue
    counted.set(place.text, place)
    if (counted.size === maxCounted) break
  }
  return [...counted.values()]
}

function isUsable(frame: ReceivedFrame): boolean {
  const file = frame.abs_path ?? frame.filename ?? frame.module ?? ''
  if (!file || NO_FILE.test(frame.filename ?? file) || isForeign(file)) return false
  return !RUNTIME_HELPER.test(lastPart(frame.function ?? ''))
}

const isForeign = remembered(file => FOREIGN_FILE.test(file) || LIBRARY_HOST.test(file))

// Never the column, and never the line's number, which move with every edit above it. With the source at hand the
// function's name is not needed, and names from source maps are not to be relied on.
function placeOf(frame: ReceivedFrame): CountedFrame {
  const module = moduleOf(frame.module ?? frame.filename ?? frame.abs_path ?? '')
  const line = sourceLineOf(frame)
  const name = lastPart(frame.function ?? '')
  if (line) return { text: `${line} (${module})`, isTelling: true }
  return name ? { text: `${name} (${module})`, isTelling: true } : { text: module, isTelling: false }
}

function sourceLineOf({ context_line }: ReceivedFrame): string {
  if (typeof context_line !== 'string' || context_line.length > 2 * MAX_LINE_LENGTH) return ''
  const line = context_line.trim().split(/\s+/).join(' ')
  return line.length > MAX_LINE_LENGTH ? '' : line
}

/** Of `async Cart.add [as onclick]` it is `add`; nothing for what engines call a function without a name. */
export const lastPart = remembered((name): string => {
  // Firefox: `total/<` is a nameless function in total, `Cart/this.add` one that was assigned.
  if (name.endsWith('<')) return ''
  const part = name
    .replace(/ \[as [^\]]*\]$/, '')
    .split(/[./ ]/)
    .at(-1)
    ?.replace(/\$\d+$/, '') // bundlers number what has the same name
  return !part || /^(?:\?|anonymous|\(anonymous\)|code|<.*>)$/.test(part) ? '' : part
})
