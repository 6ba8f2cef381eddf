import { options } from './options.ts'
import { FILTERED, SECRET_KEY } from './protocol.ts'

/** Whether the text contains one of the parts or matches one of the expressions; a script tag gives one part only. */
export const matches = (text: string | undefined, parts: unknown): boolean =>
  ([] as unknown[]).concat(parts).some(part => part && `${text}`.split(part as string).length > 1)

/** A key whose value never leaves. */
export const isSecret = (key: string): boolean =>
  SECRET_KEY.test(key) || matches(key.toLowerCase(), options.scrubKeys)

/**
 * At most `max` of the text without `user:password@` and the values of secret query and fragment parameters of every URL;
 * a secret that the cut would halve is out before. Linear: a key is at most 80 characters and no repeat overlaps the one
 * after it.
 */
export function clean(text: string, max: number): string {
  const scrubbed = text
    .slice(0, max + 999)
    .replace(/\/\/[^/?#\s]*@/g, '//')
    .replace(/([?&#;])([^?&#;=\s]{1,80})=[^&#;\s]*/g, (match, separator: string, key: string) =>
      isSecret(key) ? separator + key + '=' + FILTERED : match,
    )
  return scrubbed[max] ? scrubbed.slice(0, max) + '…' : scrubbed
}
