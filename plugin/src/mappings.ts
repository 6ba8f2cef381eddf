// Writes the `mappings` of a source map (https://tc39.es/ecma426/) as the text that it leads back from is put together.

const DIGITS = Uint8Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  character => character.charCodeAt(0),
)
const COMMA = 44
const SEMICOLON = 59
const A = 65
const SPACE = 32
const FULL_SEGMENT = 32
/** A character is at most a segment: a comma, and two numbers of which each has a digit more after sixteen characters. */
const MAX_PER_CHARACTER = 6

const IS_IN_WORD = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w$]/.test(String.fromCharCode(code)) ? 1 : 0,
)

/** `lineStarts` are the offsets at which the lines of the source begin. */
export function createMappings(source: string, lineStarts: number[]) {
  let bytes = new Uint8Array(source.length * 3 + 1024)
  let length = 0
  let column = 0 // of what is put together
  // Each number is written as what it is more than the one before.
  let lastColumn = 0
  let lastSourceLine = 0
  let lastSourceColumn = 0
  let hasSegments = false

  function write(value: number): void {
    let rest = value < 0 ? (-value << 1) | 1 : value << 1
    for (; rest > 31; rest >>>= 5) bytes[length++] = DIGITS[(rest & 31) | 32]!
    bytes[length++] = DIGITS[rest]!
  }

  function addSegment(sourceLine: number, sourceColumn: number): void {
    if (hasSegments) bytes[length++] = COMMA
    write(column - lastColumn)
    bytes[length++] = A // there is one source
    write(sourceLine - lastSourceLine)
    write(sourceColumn - lastSourceColumn)
    lastColumn = column
    lastSourceLine = sourceLine
    lastSourceColumn = sourceColumn
    hasSegments = true
  }

  /** Nearly all of a map is made here. */
  function addLine(start: number, end: number, line: number, lineStart: number): void {
    const ahead = column - start
    let isInWord = false
    let at = start
    let last = -1
    for (; at < end; at++) {
      const code = source.charCodeAt(at)
      const isWord = code > 127 || IS_IN_WORD[code] === 1
      if (isWord ? !isInWord : code > SPACE) {
        const step = at - last
        if (last >= 0 && step < 16) {
          // By far the most: on the same line as the one before, and as much further in both texts.
          const digit = DIGITS[step << 1]!
          bytes[length] = COMMA
          bytes[length + 1] = digit
          bytes[length + 2] = bytes[length + 3] = A
          bytes[length + 4] = digit
          length += 5
          lastColumn += step
          lastSourceColumn += step
        } else {
          column = ahead + at
          addSegment(line, at - lineStart)
        }
        last = at
      }
      isInWord = isWord
    }
    column = ahead + end
  }

  function breakLine(): void {
    bytes[length++] = SEMICOLON
    column = lastColumn = 0
    hasSegments = false
  }

  function reserve(characters: number): void {
    const needed = length + characters * MAX_PER_CHARACTER + 2 * FULL_SEGMENT
    if (needed <= bytes.length) return
    const more = new Uint8Array(needed + bytes.length)
    more.set(bytes)
    bytes = more
  }

  return {
    /** Of the source, as it is: a segment wherever a word or a sign begins. */
    addSource(start: number, end: number): void {
      reserve(end - start)
      let line = lastAtMost(lineStarts, start)
      for (let from = start; from < end; line++) {
        const lineStart = lineStarts[line]!
        const nextStart = lineStarts[line + 1] ?? Infinity
        const isWhole = nextStart <= end
        addLine(from, isWhole ? nextStart - 1 : end, line, lineStart)
        if (isWhole) breakLine()
        from = nextStart
      }
    },
    /** In the place of what is at the offset, or without one of nothing. */
    addText(text: string, offset?: number): void {
      reserve(text.length)
      if (offset !== undefined) {
        const line = lastAtMost(lineStarts, offset)
        addSegment(line, offset - lineStarts[line]!)
      }
      for (let at = text.indexOf('\n'), from = 0; ; at = text.indexOf('\n', from)) {
        if (at < 0) return void (column += text.length - from)
        breakLine()
        from = at + 1
      }
    },
    toString: (): string => Buffer.from(bytes.buffer, 0, length).toString('latin1'),
  }
}

/** Where lines begin that a `\n` ends: what maps count. */
export function lineStartsOf(source: string): number[] {
  const starts = [0]
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The index of the last of the numbers, which are in order, that is not above the limit. */
export function lastAtMost(numbers: number[], limit: number): number {
  let low = 0
  for (let high = numbers.length; high - low > 1;) {
    const middle = (low + high) >> 1
    if (numbers[middle]! <= limit) low = middle
    else high = middle
  }
  return low
}
