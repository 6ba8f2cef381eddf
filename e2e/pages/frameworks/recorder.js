// What the page itself sees of its life, as texts: a visit with ohnoes and one without are compared by them.
'use strict'

// The query says what the page is made of, which an app that looks at its address must not see.
history.replaceState(null, '', location.pathname)

const said = []

function say(what, ...details) {
  said.push([what, ...details.map(tell)].join(' | '))
}

/** What the app itself throws with its stack, in which nothing of ours may stand. */
function tell(value) {
  if (value instanceof Error) return `${value} ${value.message.startsWith('thrown') ? value.stack : ''}`
  if (value instanceof Node) return value.nodeName
  return typeof value == 'object' ? JSON.stringify(value) : String(value)
}

for (const level of ['info', 'warn', 'error']) {
  const original = console[level]
  console[level] = function (...args) {
    say(`console.${level}`, this === console, ...args)
    original.apply(this, args)
  }
}

addEventListener('error', event => {
  const { message, filename, lineno, colno, error, defaultPrevented } = event
  say('error', message, filename, lineno, colno, error, defaultPrevented)
})
addEventListener('unhandledrejection', ({ reason, defaultPrevented }) => {
  say('unhandledrejection', reason, defaultPrevented)
})
addEventListener('popstate', ({ state }) => say('popstate', location.pathname + location.hash, state))
addEventListener('hashchange', ({ newURL }) => say('hashchange', new URL(newURL).hash))
