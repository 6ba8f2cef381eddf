'use strict'

ohnoes.setTag('shop', 'tea & crème 🍦')
ohnoes.addBreadcrumb({ category: 'cart', message: 'one more' })

function checkOut() {
  throw new RangeError('no tea\nleft 🍵', { cause: new Error('sold out') }) // @thrown
}

setTimeout(checkOut)
