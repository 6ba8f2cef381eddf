import { drop, miss } from './ledger.ts'
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
 * The entry from the page: what is thrown inside stays inside, and a report that our own work (or a hook of the
 * page called by it) causes is counted and dropped instead of looping.
 */
export function guard<A extends unknown[], R>(job: (...args: A) => R): (...args: A) => R | undefined {
  return (...args) => {
    if (isBusy) return miss('internal_sdk_error')
    isBusy = true
    try {
      return job(...args)
    } catch (error) {
      debug('failed', error)
      return drop('internal_sdk_error')
    } finally {
      isBusy = false
    }
  }
}
