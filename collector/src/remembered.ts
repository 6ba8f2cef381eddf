/** A text that is longer is not kept. */
const MAX_LENGTH = 2048
const MAX_KNOWN = 2000

/**
 * `compute`, with its latest results kept by their text: what pages send repeats itself. All are forgotten at
 * `maxKnown`, which costs less than to tell the oldest.
 */
export function remembered<Result>(
  compute: (text: string) => Result,
  maxKnown = MAX_KNOWN,
): (text: string) => Result {
  const known = new Map<string, Result>()
  return text => {
    const found = known.get(text)
    if (found !== undefined) return found
    const result = compute(text)
    if (text.length > MAX_LENGTH) return result
    if (known.size >= maxKnown) known.clear()
    known.set(text, result)
    return result
  }
}
