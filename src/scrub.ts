export const FILTERED = '[Filtered]'

// Words as facts about real leaks have them; `session` and `otp` only as words, since `inside` is not a secret.
/** A key whose value never leaves. */
export const SECRET_KEY =
  /passw|secret|token|api[-_]?key|auth|credential|private_key|bearer|jwt|[cx]srf|cookie|(\b|_)(session|otp)(?![a-z])/i

/**
 * Removes `user:password@` and the values of secret query and fragment parameters from every URL in a text.
 * Linear: a key is at most 80 characters and no repeat overlaps the one after it.
 */
export function scrub(text: string): string {
  return text
    .replace(/\/\/[^/?#@\s]*@/g, '//')
    .replace(/([?&#;])([^?&#;=\s]{1,80})=[^&#;\s]*/g, (match, separator: string, key: string) =>
      SECRET_KEY.test(key) ? separator + key + '=' + FILTERED : match,
    )
}
