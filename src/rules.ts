// What the collector says of its fleet: under which rates errors are kept. Nothing is asked before there is an event, and
// on the next page the browser's cache may have the answer.
import { debug, options } from './options.ts'

const MAX_WAIT_MS = 1500
const FRESH_MS = 10_000

interface Rules {
  /** Of errors that are not listed. */
  default: number
  /** By fingerprint. */
  rates: Record<string, number>
}

/** As the wire has it; what the overflow of storms holds back is nobody's, and has no fingerprint. */
interface Claim {
  fp?: string | undefined
  u?: number | undefined
  p: number
}

/** The last answer, when it has come or not. */
let asking: Promise<void> | undefined
let rules: Partial<Rules> & Pick<Rules, 'rates'> = { rates: {} }

/** Ends the waiting: a page that goes away sends what it has. */
export let stopAsking = (): void => {}

/** Asks, unless it is known well enough; resolves when there is an answer, or none. A tunnel has no rules. */
export function askForRules(url: string, fetch: typeof self.fetch): Promise<void> | undefined {
  if (options.fleetSampling && !options.tunnel && !asking && !document.hidden) {
    asking = (async () => {
      try {
        // What hangs is given up, since it may keep the event from its connection.
        const controller = new AbortController()
        setTimeout((stopAsking = () => controller.abort()), MAX_WAIT_MS)
        const response = await fetch(url.replace('envelope/', 'sampling'), {
          referrerPolicy: 'strict-origin',
          credentials: 'omit',
          signal: controller.signal,
        })
        learn(await response.json())
      } catch (error) {
        debug('failed', error)
      }
    })()
    setTimeout(() => (asking = undefined), FRESH_MS)
  }
  return asking
}

/** Takes in an answer, `{"v": 1, "default": 1, "rates": {"<fp>": 0.01}}`; throws what is none. */
export function learn(answer: Rules & { v: unknown }): void {
  if (answer.v != 1 || !answer.rates) throw answer
  rules = answer
}

/** Decides on what nobody has decided yet, under what is known now: never for more than before. */
export function staysKept(claim: Claim): boolean {
  // What is no rate changes nothing.
  claim.p = Math.min(claim.p, options.sampleRate * (rules.rates[claim.fp!] || rules.default!)) || claim.p
  return !(claim.u! >= claim.p)
}
