// Behaviours are functions that note what they see, as texts that two pages can be compared by.
'use strict'

// The query says whether ohnoes is on the page; the Referer header must not tell them apart.
history.replaceState(null, '', location.pathname)

/** Group → name → what to do. */
const behaviours = {}

/** All that a behaviour notes. */
async function observe(group, name) {
  const notes = []
  await behaviours[group][name]((...texts) => notes.push(texts.join(' ')))
  return notes
}

function tell(value) {
  if (value instanceof Error || value instanceof DOMException) return `${value.name}: ${value.message}`
  if (typeof value == 'function') return 'a function'
  if (Object(value) !== value) return `${typeof value} ${String(value)}`
  try {
    return Object.prototype.toString.call(value)
  } catch {
    return 'something hostile'
  }
}

/** What a call gives back or throws, at once. */
function outcome(call) {
  try {
    return `gives ${tell(call())}`
  } catch (error) {
    return `throws ${tell(error)}`
  }
}

/** The same, and what becomes of the promise. */
async function settled(call) {
  let promise
  try {
    promise = call()
  } catch (error) {
    return `throws at once ${tell(error)}`
  }
  const kind = promise instanceof Promise ? '' : `no promise of this page (${tell(promise)}), `
  return promise.then(
    value => `${kind}fulfils with ${tell(value)}`,
    error => `${kind}rejects with ${tell(error)}`,
  )
}

/** All that can be asked of a function property without calling it. */
function noteShape(note, holder, name) {
  const { get, set, value, ...flags } = Object.getOwnPropertyDescriptor(holder, name)
  note('property', JSON.stringify(flags), tell(get), tell(set))
  note('function', typeof value, value.name, value.length, Object.getPrototypeOf(value) == Function.prototype)
  note('own', Reflect.ownKeys(value).map(String).sort())
  for (const key of ['name', 'length']) note(key, JSON.stringify(Object.getOwnPropertyDescriptor(value, key)))
  note(
    'new',
    outcome(() => new value()),
  )
  const text = Function.prototype.toString.call(value)
  const names = text.includes(name) ? 'named' : 'unnamed'
  note('text of', name, text == String(value), text.includes('[native code]'), names)
}

/** An object whose properties tell when they are read. */
function telltale(values, read) {
  const object = {}
  for (const [key, value] of Object.entries(values))
    Object.defineProperty(object, key, {
      enumerable: true,
      get() {
        read.push(key)
        return value
      },
    })
  return object
}

/** The same for all that can be done to an object. */
function traced(target, done) {
  const handler = {}
  for (const trap of Object.getOwnPropertyNames(Reflect))
    handler[trap] = (...args) => {
      done.push(`${trap} ${String(args[1])}`)
      return Reflect[trap](...args)
    }
  return new Proxy(target, handler)
}

function happens(type, target = self) {
  return new Promise(resolve => target.addEventListener(type, resolve, { once: true }))
}

/** A frame of this origin; for about:blank there is nothing to wait for. */
function addFrame() {
  return document.body.appendChild(document.createElement('iframe')).contentWindow
}
