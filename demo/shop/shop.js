// Every way of breaking that a shop knows. Nothing here is caught on purpose, unless the text says so.

const catalogue = {
  sencha: { name: 'Sencha', price: 12.5, stock: 3 },
  assam: { name: 'Assam', price: 9, stock: 0 },
}

class OutOfStockError extends Error {
  name = 'OutOfStockError'
  constructor(sku, wanted, left) {
    super(`${catalogue[sku].name} is out of stock`)
    Object.assign(this, { sku, wanted, left })
  }
}

function priceOf(sku) {
  return catalogue[sku].price
}

function total(cart) {
  return cart.map(({ sku, count }) => priceOf(sku) * count).reduce((sum, price) => sum + price, 0)
}

async function reserve(sku, wanted) {
  const { stock } = catalogue[sku]
  if (stock < wanted) throw new OutOfStockError(sku, wanted, stock)
}

async function pay(amount) {
  const response = await fetch('/demo/pay?amount=' + amount)
  return response.json()
}

async function checkout(cart) {
  try {
    await pay(total(cart))
  } catch (error) {
    throw new Error('Checkout failed', { cause: error })
  }
}

const tree = { name: 'Teas', children: [] }
tree.children.push(tree)

function count(category) {
  return category.children.reduce((sum, child) => sum + count(child), 1)
}

function load(tag, attributes) {
  document.head.append(Object.assign(document.createElement(tag), attributes))
}

const troubles = [
  [
    'Add a tea that is gone',
    'A property of undefined, three calls deep.',
    () =>
      total([
        { sku: 'sencha', count: 1 },
        { sku: 'oolong', count: 2 },
      ]),
  ],
  [
    'Check out',
    'A failed payment as the cause of a failed checkout, after an await.',
    () => void checkout([{ sku: 'sencha', count: 2 }]),
  ],
  [
    'Order ten Assam',
    'A rejected promise with an error class of the shop and its own properties.',
    () => void reserve('assam', 10),
  ],
  [
    'Ask all suppliers',
    'Promise.any: every supplier fails, each in its own way.',
    () =>
      void Promise.any([
        reserve('assam', 1),
        Promise.reject(new TypeError('supplier two is closed')),
        Promise.reject('supplier three sent a text'),
      ]),
  ],
  ['Count the categories', 'A tree that contains itself: the stack overflows.', () => count(tree)],
  [
    'Show offers later',
    'Thrown in a timer, after the click is over.',
    () =>
      setTimeout(() => {
        throw new RangeError('an offer ended before it began')
      }, 10),
  ],
  ['Read the voucher', 'Broken JSON.', () => JSON.parse('{"voucher": 10')],
  ['Call the warehouse', 'A request that reaches nobody.', () => void fetch('http://127.0.0.1:9/stock')],
  [
    'Load the payment provider',
    'A script that is not there.',
    () => load('script', { src: '/demo/payment-provider.js' }),
  ],
  [
    'Dress up',
    'A style sheet that is not there.',
    () => load('link', { rel: 'stylesheet', href: '/demo/festive.css' }),
  ],
  [
    'Load the partner widget',
    'A script of another origin: the browser says “Script error.” and no more.',
    () => load('script', { src: location.origin.replace('127.0.0.1', 'localhost') + '/demo/partner.js' }),
  ],
  [
    'Throw a text',
    'No Error, no stack: just a string.',
    () => {
      throw 'the kettle is empty'
    },
  ],
  ['Reject with nothing', 'An unhandled rejection of undefined.', () => void Promise.reject()],
  [
    'Catch it yourself',
    'Caught by the page and reported with captureException.',
    () => {
      try {
        priceOf('matcha')
      } catch (error) {
        ohnoes.captureException(error, { tags: { shelf: 'top' } })
      }
    },
  ],
  [
    'Leave a message',
    'captureMessage: no error at all.',
    () => ohnoes.captureMessage('The tea was too hot', 'warning'),
  ],
]

const status = document.querySelector('#status')

for (const [title, text, cause] of troubles) {
  const button = Object.assign(document.createElement('button'), { textContent: 'Do it' })
  const card = document.createElement('article')
  card.append(
    Object.assign(document.createElement('h2'), { textContent: title }),
    Object.assign(document.createElement('p'), { textContent: text }),
    button,
  )
  button.setAttribute('aria-label', title)
  button.addEventListener('click', () => {
    status.textContent = `“${title}” went wrong.`
    cause()
  })
  document.querySelector('#shelf').append(card)
}
