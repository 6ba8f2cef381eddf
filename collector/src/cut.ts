/** The text in at most `maxLength` UTF-16 units, well-formed, with `…` at the end where something was cut. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text.toWellFormed()
  const kept = text.slice(0, maxLength - 1)
  // A cut in the middle of a surrogate pair would leave half a character.
  const lastUnit = kept.charCodeAt(kept.length - 1)
  const isHalf = lastUnit >= 0xd800 && lastUnit <= 0xdbff
  return `${isHalf ? kept.slice(0, -1) : kept}…`.toWellFormed()
}

/** A value as an error message shows it: as JSON, on one line, cut to 80 characters. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value, 80))
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  return String(value)
}
