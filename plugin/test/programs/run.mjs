// Runs a program and writes down all that can be seen of it.

import { Script } from 'node:vm'

const MAX_CALLS = 300

/**
 * @param {string} code sets a global `main`, which is called
 * @param {boolean} isMinified names, and messages of the engine that hold names, are not compared
 * @returns {Promise<string[]>} what happened, in order
 */
export async function run(code, isMinified) {
  /** @type {string[]} */
  const trace = []
  let calls = 0
  const show = (/** @type {unknown} */ value) => describe(value, isMinified)
  const api = {
    /** @type {(value: unknown) => unknown} */
    t(value) {
      if (trace.length < 2000) trace.push(show(value))
      return value
    },
    tick() {
      if (++calls > MAX_CALLS) throw new Error('user: too many calls')
    },
    /** @type {(value: unknown, argument: unknown) => unknown} */
    call(value, argument) {
      return typeof value === 'function' ? value(argument) : drain(value, api.t)
    },
    /** Called when all is over: what does a closure see then? @type {(closure: () => unknown) => unknown} */
    keep(closure) {
      if (kept.length < 40) kept.push(closure)
      return closure
    },
    /** @type {(strings: TemplateStringsArray, ...values: unknown[]) => unknown} */
    tag(strings, ...values) {
      const isSeen = seen.has(strings)
      seen.add(strings)
      return [isSeen, strings.raw.join(), ...values]
    },
    Base: class Base {
      /** @param {unknown} given */
      constructor(given) {
        trace.push(`Base ${show(given)}`)
      }
    },
  }
  // What a name means that the program does not declare, or not there.
  const globals = {
    a: 1,
    b: [2, 3],
    c: (/** @type {unknown} */ value) => value,
    d: { x: 4, y: [5] },
    e: 'six',
  }
  /** @type {(() => unknown)[]} */
  const kept = []
  const seen = new WeakSet()
  const onRejection = (/** @type {unknown} */ reason) => trace.push(`unhandled ${show(reason)}`)
  process.on('unhandledRejection', onRejection)
  const { toString } = Function.prototype
  // The text of a function is the one thing that may be different.
  Function.prototype.toString = () => 'function'
  Object.assign(globalThis, api, globals)
  try {
    new Script(code, { filename: 'program.js' }).runInThisContext()
    const result = /** @type {any} */ (globalThis).main()
    trace.push(`returned ${show(result)}`)
    if (result instanceof Promise) await result.then(value => trace.push(`resolved ${show(value)}`))
  } catch (error) {
    trace.push(`threw ${show(error)}`)
  }
  calls = 0
  for (const closure of kept.slice())
    try {
      api.t(await closure())
    } catch (error) {
      api.t(error)
    }
  // Promises settle, and Node says which rejections nobody handles.
  for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
  process.off('unhandledRejection', onRejection)
  Function.prototype.toString = toString
  for (const name of [...Object.keys(globals), ...Object.keys(api)]) Reflect.deleteProperty(globalThis, name)
  return trace
}

/** What a generator or promise is good for. @param {any} value @param {(value: unknown) => unknown} t */
function drain(value, t) {
  if (value === null || typeof value !== 'object') return value
  if (typeof value.then === 'function') return value.then(t, t)
  if (typeof value.next !== 'function') return value
  const steps = [
    () => value.next(1),
    () => value.next(2),
    () => value.throw(new Error('user throw')),
    () => value.return(3),
  ]
  const results = steps.map(step => {
    try {
      const result = step()
      return typeof result?.then === 'function' ? result.then(t, t) : t(result)
    } catch (error) {
      return t(error)
    }
  })
  return results.length
}

/** @param {unknown} value @param {boolean} isMinified @param {number} [depth] @returns {string} */
function describe(value, isMinified, depth = 0) {
  try {
    if (typeof value === 'function')
      return isMinified ? 'ƒ' : `ƒ ${describe(value.name, isMinified, depth)} ${value.length}`
    if (value instanceof Error) return describeError(value, isMinified)
    if (typeof value === 'string') return JSON.stringify(withoutSource(value).slice(0, 200))
    if (value === null || typeof value !== 'object')
      return typeof value === 'bigint' ? `${value}n` : String(value)
    if (depth > 3) return '…'
    const tag = Object.prototype.toString.call(value)
    const entries = Reflect.ownKeys(value)
      .slice(0, 20)
      .map(key => {
        const { value: own, get } = /** @type {PropertyDescriptor} */ (
          Reflect.getOwnPropertyDescriptor(value, key)
        )
        return `${String(key)}: ${get ? 'get' : describe(own, isMinified, depth + 1)}`
      })
    return `${tag} { ${entries.join(', ')} }`
  } catch (error) {
    return `hostile: ${error instanceof Error ? error.name : error}`
  }
}

/** @param {Error} error @param {boolean} isMinified */
function describeError(error, isMinified) {
  const isOurs = error.message.startsWith('user')
  if (isMinified) return `${error.name} ${isOurs ? error.message : ''}`
  // Their number: V8 guesses names for functions that have none, from the text around them.
  const frames = String(error.stack)
    .split('\n')
    .filter(line => line.includes('program.js'))
  return `${error.name} ${withoutSource(error.message)}, ${frames.length} frames`
}

/** One message of the engine quotes a function's text. @param {string} message */
function withoutSource(message) {
  return message.replace(/(Class extends value) [^]*/, '$1')
}
