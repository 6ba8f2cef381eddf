import { drop, stats } from './ledger.ts'
import { debug } from './options.ts'

let isBusy = false

/** `read()`, or undefined when the page's own code behind it (a getter, a Proxy, a patched native) throws. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/**
 * The entry from the page: what is thrown inside stays inside, and what our own work (or a hook of the page called by
 * it) causes is not observed, so that nothing loops.
 */
export function observe<A extends unknown[], R>(
  job: (...args: A) => R,
  onLost?: (occurredBefore: number) => void,
): (...args: A) => R | undefined {
  return (...args) => {
    const { occurred } = stats
    if (!isBusy) {
      isBusy = true
      try {
        return job(...args)
      } catch (error) {
        debug('failed', error)
      } finally {
        isBusy = false
      }
    }
    if (onLost) onLost(occurred)
    return
  }
}

/** The same for what makes a report: one that is lost this way is counted. */
export function guard<A extends unknown[], R>(job: (...args: A) => R): (...args: A) => R | undefined {
  return observe(job, occurredBefore => {
    stats.occurred = Math.max(stats.occurred, occurredBefore + 1) // the job may have failed before it counted
    drop('internal_sdk_error')
  })
}
