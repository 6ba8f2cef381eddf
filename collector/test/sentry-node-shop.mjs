// A server with Sentry's own SDK, which reports to the DSN in SENTRY_DSN: it starts badly, fails at a
// request, drops an event, is written to, and dies of an error that nobody catches.

import * as Sentry from '@sentry/node'
import { once } from 'node:events'
import { createServer } from 'node:http'

Sentry.init({
  release: 'shop-api@1.2.3',
  environment: 'production',
  beforeSend: event => (event.message === 'not worth it' ? null : event),
})
Sentry.setUser({ id: 'u7' })
Sentry.setTag('queue', 'orders')

Sentry.captureException(new Error('no cache, going on without'))

/** @param {number} order */
function priceOf(order) {
  /** @type {any} */
  const parts = []
  try {
    return parts[order].price
  } catch (cause) {
    const error = new Error('order 17 has no price', { cause }) // @thrown
    error.name = 'PriceError'
    throw error
  }
}

const server = createServer((_request, response) => {
  try {
    priceOf(17)
  } catch (error) {
    Sentry.captureException(error)
  }
  response.end()
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
console.log('looking for order 17')
await fetch(`http://127.0.0.1:${port}/orders/17`)
server.close()

Sentry.captureMessage('not worth it')
// Past 32 KB the SDK compresses what it sends.
Sentry.captureMessage('a large cart', { level: 'warning', extra: { cart: 'tea 🍵 '.repeat(8000) } })
Sentry.captureFeedback({ message: 'The cart is empty', email: 'ann@shop.example', name: 'Ann' })
await Sentry.flush()

setTimeout(function restart() {
  throw new RangeError('out of memory')
})
