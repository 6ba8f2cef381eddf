import ErrorStackParser from 'error-stack-parser'
import { read } from './copy.ts'
import type { StackFrame } from './protocol.ts'

const MAX_FRAMES = 50
const MAX_LINE = 1024

/**
 * The frames of anything that has a `stack` string, newest first; none where it has none.
 *
 * error-stack-parser never sees the page's object, only one line at a time, bounded and without quotes: it throws
 * on odd objects, and its expression for Gecko is exponential in quotes (3.0.0).
 */
export function parseStack(error: unknown): StackFrame[] {
  const stack = read(error, 'stack')
  if (typeof stack != 'string') return []
  const frames: StackFrame[] = []
  for (const line of stripMessage(stack, error).split('\n')) {
    if (frames.length == MAX_FRAMES) break
    const text = line.slice(0, MAX_LINE).replace(/["\r]/g, "'")
    if (!/^ *at |@|:\d/.test(text)) continue
    const [frame] = ErrorStackParser.parse({ stack: text } as Error) as unknown as ParsedFrame[]
    if (frame) frames.push(toFrame(frame))
  }
  return frames
}

/** What error-stack-parser hands to its frame class, which the build replaces by the plain object. */
interface ParsedFrame {
  functionName?: string
  fileName?: string
  lineNumber?: string
  columnNumber?: string
}

function toFrame({ functionName, fileName, lineNumber, columnNumber }: ParsedFrame): StackFrame {
  const frame: StackFrame = { in_app: !!fileName && !/node_modules|-extension:/.test(fileName) }
  if (functionName) frame.function = functionName
  if (fileName) frame.filename = fileName
  if (lineNumber) frame.lineno = +lineNumber
  if (columnNumber) frame.colno = +columnNumber
  return frame
}

/** V8 begins the stack with the message, whose lines may look like frames. */
function stripMessage(stack: string, error: unknown): string {
  const message = read(error, 'message')
  const at = typeof message == 'string' ? stack.indexOf(message) : -1
  return at < 0 || at > 200 ? stack : stack.slice(at + (message as string).length)
}
