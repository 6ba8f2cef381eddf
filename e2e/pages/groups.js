// What the same bug looks like in every engine; groups.spec.ts says how it is grouped.

class Cart {
  constructor(items) {
    if (!items) fail('no items')
    this.items = items
  }
  total() {
    this.items.forEach(function () {
      fail('no price')
    })
  }
}

function fail(message) {
  throw new RangeError(message)
}

function descend(depth) {
  if (depth) descend(depth - 1)
  else fail('deep')
}

async function load() {
  fail('not loaded')
}

function rethrow() {
  try {
    fail('cause')
  } catch (cause) {
    throw new Error('order 4711 failed', { cause })
  }
}

window.kinds = {
  method: () => new Cart([1]).total(),
  constructed: () => new Cart(),
  recursion: () => descend(5),
  cause: () => rethrow(),
  promise: () => load(),
  listener() {
    document.body.addEventListener('click', function onClick() {
      fail('clicked')
    })
    document.body.click()
  },
  text() {
    throw 'order ' + Math.floor(Math.random() * 1e6) + ' failed'
  },
}

window.go = kind =>
  setTimeout(function start() {
    window.kinds[kind]()
  })
