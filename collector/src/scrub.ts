import { FILTERED, SECRET_KEY } from 'ohnoes/protocol'
import { remembered } from './remembered.ts'

// Takes secrets out of what is stored. A page's report is a stranger's text of up to two megabytes: every
// expression here is linear, since its repeats are bounded or no two attempts read the same characters.

const MAX_KNOWN_KEYS = 5000

/** What tells secrets from the rest, for one project. */
export interface Scrubber {
  /** Whether everything under a key of that name is a secret. */
  isSecretKey(key: string): boolean
  /** The text without the secrets in it. */
  text(text: string): string
}

/** `words` are a project's own: a key is a secret that has one of them as a word. */
export function createScrubber(words: string[] = []): Scrubber {
  const own = words.map(snakeCase)
  const isSecretKey = remembered(key => {
    const name = snakeCase(key)
    return SECRET_KEY.test(name) || own.some(word => `_${name}_`.includes(`_${word}_`))
  }, MAX_KNOWN_KEYS)
  return {
    isSecretKey,
    text(text) {
      if (!SUSPECT.test(text)) return text
      const scrubbed = text
        .replace(PEM, `$1${FILTERED}$2`)
        .replace(JWT, FILTERED)
        .replace(BEARER, `$1${FILTERED}`)
        .replace(HEADER, `$1${FILTERED}`)
        .replace(URL_USER, '//')
      return PAIRS.reduce((kept, pair) => withoutValues(kept, pair, isSecretKey), scrubbed).replace(
        DIGITS,
        withoutCards,
      )
    },
  }
}

/** `sessionId` and `Session-ID` are two words each; the secrets among the words are known in this spelling. */
const snakeCase = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^a-zA-Z0-9]+/g, '_')
    .toLowerCase()

/** What one of the expressions below needs: most texts have none of it. */
const SUSPECT = /[=@]|eyJ|-----BEGIN|bearer|cookie|authorization|["'] {0,8}:|(?:\d[ -]?){13}/i

const PEM = /(-----BEGIN [A-Z0-9 ]{1,40}-----)[\s\S]*?(-----END [A-Z0-9 ]{1,40}-----|$)/g
/** Two parts, for a token may be cut off; the first starts with `{"`. */
const JWT = /(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g
/** Not `bearer of news`: a token has a digit or is long. */
const BEARER = /(\bbearer\s+)(?:(?=[\w.~+/-]*\d)|(?=[\w.~+/-]{16}))[\w.~+/-]+=*/gi
const HEADER = /\b((?:cookie|authorization)\s*:\s*)[^\r\n"']+/gi
const URL_USER = /\/\/[^/?#\s]*@/g
/** How a key is written, and the value right after it. A key of no interest may have others in its value. */
const PAIRS = [
  // key=value; key="a value"
  {
    key: /(?<=^|[\s?&#;,"'([{])([^\s?&#;,"'([{})\]=:/]{1,80})=/g,
    value: /"[^"]*"?|'[^']*'?|[^\s&#;,"']*/y,
  },
  // "key": "value"; in JSON that is a text of its own, \"key\":\"value\"
  {
    key: /\\?["']([^\s"'\\]{1,80})\\?["']\s{0,8}:\s{0,8}/g,
    value: /\\"[^"]*"?|"[^"\\]*(?:\\.[^"\\]*)*"?|'[^']*'?|\[[^\]]*\]?|[^\s,}\]"'\\]*/sy,
  },
]
/** Digits with spaces and dashes between them, by themselves. */
const DIGITS = /(?<![\w.])\d[\d -]{11,}\d(?!\w)/g

/** How many digits an issuer's cards have, by their first: so few times and ids look like one. */
const CARD_LENGTHS = [[], [], [16], [14, 15], [13, 16, 19], [16], [16, 19]]

function withoutValues(
  text: string,
  { key, value }: { key: RegExp; value: RegExp },
  isSecretKey: (key: string) => boolean,
): string {
  let scrubbed = ''
  let copied = 0
  for (const { 0: match, 1: name = '', index } of text.matchAll(key)) {
    if (index < copied || !isSecretKey(name)) continue
    value.lastIndex = index + match.length
    const [old = ''] = value.exec(text) ?? []
    const quote = /^\\?["']/.exec(old)?.[0] ?? ''
    scrubbed += text.slice(copied, index) + match + quote + FILTERED + quote
    copied = index + match.length + old.length
  }
  return scrubbed + text.slice(copied)
}

/** A run of digits without the payment cards in it, which may stand between other numbers. */
function withoutCards(run: string): string {
  const digits = run.replaceAll(/[ -]/g, '')
  // Where in the run a number ends, by how many digits come before that place; 0 where none does.
  const ends = new Uint32Array(digits.length + 1)
  for (let at = 0, seen = 0; at < run.length; at++)
    if (isDigit(run, at)) ends[++seen] = isDigit(run, at + 1) ? 0 : at + 1

  let scrubbed = ''
  let copied = 0
  for (let at = 0, seen = 0; at < run.length; at++) {
    if (!isDigit(run, at)) continue
    const start = seen++
    if (at < copied || isDigit(run, at - 1)) continue
    const length = CARD_LENGTHS[Number(run[at])]?.find(
      length => ends[start + length] && hasLuhnDigit(digits, start, start + length),
    )
    if (!length) continue
    scrubbed += run.slice(copied, at) + FILTERED
    copied = ends[start + length] ?? run.length
  }
  return scrubbed + run.slice(copied)
}

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

/** Whether the last of these digits is the check digit of the others (ISO/IEC 7812-1, annex B). */
function hasLuhnDigit(digits: string, start: number, end: number): boolean {
  let sum = 0
  for (let at = start; at < end; at++) {
    const digit = digits.charCodeAt(at) - 48
    const doubled = (end - at) % 2 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
