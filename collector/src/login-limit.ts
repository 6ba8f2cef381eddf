const WINDOW_MS = 15 * 60_000
const MAX_FAILURES = 5
const MAX_ADDRESSES = 10_000

export interface LoginLimit {
  /** How long an address has to wait before it may try again, in seconds; 0 when it may now. */
  waitS(address: string): number
  fail(address: string): void
  succeed(address: string): void
}

/** Lets an address guess five passwords in a quarter of an hour. */
export function createLoginLimit(now: () => number): LoginLimit {
  const failures = new Map<string, { count: number; untilMs: number }>()
  const of = (address: string) => {
    const known = failures.get(address)
    return known && known.untilMs > now() ? known : { count: 0, untilMs: now() + WINDOW_MS }
  }
  return {
    waitS(address) {
      const { count, untilMs } = of(address)
      return count < MAX_FAILURES ? 0 : Math.ceil((untilMs - now()) / 1000)
    },
    fail(address) {
      const { count, untilMs } = of(address)
      // The oldest goes first: who has that many addresses is not stopped by remembering them.
      const [oldest] = failures.keys()
      if (failures.size >= MAX_ADDRESSES && oldest !== undefined) failures.delete(oldest)
      failures.set(address, { count: count + 1, untilMs })
    },
    succeed: address => void failures.delete(address),
  }
}
