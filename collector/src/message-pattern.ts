import { cut } from './cut.ts'

const MAX_LENGTH = 1000
const MAX_LINES = 2

// One pass, the first alternative that fits wins. Every repetition is bounded or followed by what it excludes, so that
// no text takes more than time in proportion to its length.
const VARIABLE = new RegExp(
  [
    String.raw`(?<email>\b[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5})`,
    String.raw`(?<url>\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>()]+)`,
    String.raw`(?<uuid>\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b)`,
    String.raw`(?<ip>\b(?:\d{1,3}\.){3}\d{1,3}\b|(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}(?![\w:]))`,
    String.raw`(?<date>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?)`,
    String.raw`(?<hex>\b0x[0-9a-f]{1,64}\b|\b(?=[a-f]{0,63}\d)[0-9a-f]{16,128}\b)`,
    String.raw`(?<hash>\b(?=[a-f]{0,15}\d)(?=\d{0,15}[a-f])[0-9a-f]{7,15}\b)`,
    String.raw`(?<quoted>(?<!\w)(?:'[^'\n]{0,200}'|"[^"\n]{0,200}"|${'`[^`\\n]{0,200}`'})(?!\w)|“[^”\n]{0,200}”|«[^»\n]{0,200}»)`,
    String.raw`(?<n>\d+(?:[.,]\d+)*)`,
  ].join('|'),
  'gi',
)

/** The first two lines of a message with what differs from one occurrence to the next replaced by its kind: `<url>`. */
export function messagePattern(message: string): string {
  const text = cut(message, MAX_LENGTH).split('\n', MAX_LINES).join('\n')
  return text.replace(VARIABLE, (...args) => {
    const groups = args.at(-1) as Record<string, string | undefined> // there are named groups, so it is the last one
    return `<${Object.keys(groups).find(name => groups[name] !== undefined)}>`
  })
}
