import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

/** Finds the address a request is from. */
export type AddressOf = (c: Context) => string

/**
 * Behind proxies, each of which appends whom it heard it from to `X-Forwarded-For`, it is the entry of the
 * outermost of them; what stands before that is a claim of the client's.
 */
export const createAddressOf =
  (trustedProxies: number): AddressOf =>
  c => {
    const forwarded = trustedProxies ? (c.req.header('x-forwarded-for') ?? '').split(',') : []
    const claimed = forwarded.at(-trustedProxies)?.trim()
    return networkOf(claimed || incomingOf(c).socket.remoteAddress || 'unknown')
  }

/** Node's own request. `as`: the app is served by @hono/node-server alone. */
export const incomingOf = (c: Context): IncomingMessage => (c.env as HttpBindings).incoming

/** An IPv6 client has as many addresses as it likes, all of them in its network of 64 bits. */
function networkOf(address: string): string {
  const groups = address.toLowerCase().split(':')
  if (groups.length < 3 || address.startsWith('::ffff:')) return address.slice(0, 64)
  const gap = groups.indexOf('')
  const before = gap < 0 ? groups : groups.slice(0, gap)
  return [...before, '0', '0', '0', '0'].slice(0, 4).join(':')
}
