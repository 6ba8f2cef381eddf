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
 * it) causes is not observed, so that nothing loops. Undefined when nothing came of it.
 */
export function guard<A extends unknown[], R>(job: (...args: A) => R): (...args: A) => R | undefined {
  return (...args) => {
    if (isBusy) return
    isBusy = true
    try {
      return job(...args)
    } catch (error) {
      debug('failed', error)
    } finally {
      isBusy = false
    }
    return
  }
}
