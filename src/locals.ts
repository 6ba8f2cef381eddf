// What the code that ohnoes-plugin has instrumented leaves behind when an exception goes through it, kept until the
// exception is reported. The one place that holds objects of the page: as long as the page itself holds the error.

/** One function that an exception has left: its id, and the values of its variables, or nothing if it was no Error. */
export type Frame = [id: string, values?: unknown]

let maxFrames = 16
const held = new WeakMap<object, Frame[]>()
// What is no object cannot be a key: the frames of the last such value.
let primitive: unknown
let primitiveFrames: Frame[] = []

const isError = (Error as { isError?: (value: unknown) => boolean }).isError
const isObject = (value: unknown): value is object => Object(value) === value

/** Called by instrumented code as an exception leaves a function, innermost first. */
export function $l(thrown: unknown, id: string, values: unknown): void {
  let frames = framesOf(thrown)
  // A value that comes again where it has been is thrown again.
  if (!frames || (!isObject(thrown) && frames.some(frame => frame[0] == id))) {
    frames = []
    if (isObject(thrown)) held.set(thrown, frames)
    else {
      primitive = thrown
      primitiveFrames = frames
    }
  }
  // Code like React's throws promises, which stay for long: of these, and of all that is no Error, only the way is kept.
  // Unlike `instanceof`, `isError` asks no Proxy.
  if (frames.length < maxFrames)
    frames.push((isError ? isError(thrown) : thrown instanceof Error) ? [id, values] : [id])
}

/** What a thrown value has left behind, innermost function first; released with this. */
export function takeLocals(thrown: unknown): Frame[] {
  const frames = framesOf(thrown) || []
  if (isObject(thrown)) held.delete(thrown)
  else if (frames.length) primitiveFrames = []
  return frames
}

/** How many functions are kept of an exception; 16 unless this says otherwise, and none with 0. */
export function setMaxFrames(max: number): void {
  maxFrames = max
}

function framesOf(thrown: unknown): Frame[] | undefined {
  return isObject(thrown) ? held.get(thrown) : Object.is(thrown, primitive) ? primitiveFrames : undefined
}
