/** What makes a map unusable, in words that complete "it was refused: …". */
export class MapRefused extends Error {}

const COMMA = 44
const SEMICOLON = 59

const DIGITS = new Int8Array(128).fill(-1)
for (const [value, digit] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries())
  DIGITS[digit.charCodeAt(0)] = value

/** The numbers of a field of a map, which are base64 VLQ; throws MapRefused. */
export class VlqReader {
  at = 0
  readonly text: string
  readonly #field: string

  constructor(text: string, field: string) {
    this.text = text
    this.#field = field
  }

  /** Whether no number follows before the next separator. */
  isAtEnd(): boolean {
    if (this.at >= this.text.length) return true
    const code = this.text.charCodeAt(this.at)
    return code === COMMA || code === SEMICOLON
  }

  /** Goes behind the next comma. */
  skipItem(): void {
    const comma = this.text.indexOf(',', this.at)
    this.at = comma < 0 ? this.text.length : comma + 1
  }

  unsigned(): number {
    let value = 0
    for (let shift = 0; ; shift += 5) {
      const digit = DIGITS[this.text.charCodeAt(this.at++)] ?? -1 // past 127 and past the end there is none
      if (digit < 0) throw new MapRefused(`its ${this.#field} are not base64 VLQ`)
      // Past the seventh digit it is more than 32 bits, and what is shifted out would make it small again.
      if (shift > 30) throw new MapRefused(`a number in its ${this.#field} overflows`)
      value += (digit & 31) * 2 ** shift
      if (digit < 32) return value
    }
  }

  signed(): number {
    const value = this.unsigned()
    const size = Math.floor(value / 2)
    return value % 2 ? -size : size
  }
}
