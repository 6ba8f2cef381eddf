// Which errors nothing was kept of lately: what arrives of one first is kept whatever the rates are. That does not bend
// estimates, as it hangs on the order of arrival and not on a threshold: the event counts for itself.

/** Of each of two generations; strangers may make up as many fingerprints as they like. */
const MAX_KNOWN = 20_000

export interface NewErrors {
  /** Something of an error was kept. */
  remember(fp: string): void
  /** Whether an event is the first of its error, and is kept therefore; at most so many a second are. */
  isFirst(fp: string, maxPerS: number): boolean
}

export function createNewErrors(now: () => number): NewErrors {
  let known = new Set<string>()
  let older = new Set<string>()
  let second = 0
  let found = 0
  const remember = (fp: string): void => {
    if (known.has(fp)) return
    if (known.size === MAX_KNOWN) {
      older = known
      known = new Set()
    }
    known.add(fp)
  }
  return {
    remember,
    isFirst(fp, maxPerS) {
      if (known.has(fp) || older.has(fp)) {
        remember(fp)
        return false
      }
      const thisSecond = Math.floor(now() / 1000)
      if (thisSecond !== second) {
        second = thisSecond
        found = 0
      }
      if (found >= maxPerS) return false
      found++
      remember(fp)
      return true
    },
  }
}
