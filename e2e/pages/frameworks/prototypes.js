// What libraries of another age did to the language, Prototype.js 1.6 above all: enumerable additions, toJSON
// methods that give back JSON text, and replaced natives of other semantics.
'use strict'
;(() => {
  const extend = (target, methods) => {
    for (const name of Object.keys(methods)) target[name] = methods[name]
  }
  const hasOwn = Object.prototype.hasOwnProperty
  const toJSON = value => {
    if (value === null || typeof value == 'boolean') return String(value)
    if (typeof value == 'number') return isFinite(value) ? String(value) : 'null'
    if (typeof value == 'object' || typeof value == 'string') return value.toJSON()
    return undefined
  }
  const pairs = object => {
    const found = []
    for (const key in object) if (hasOwn.call(object, key)) found.push([key, toJSON(object[key])])
    return found.filter(([, json]) => json !== undefined)
  }

  extend(Object.prototype, {
    extended: true,
    each(callback) {
      for (const key in this) if (hasOwn.call(this, key)) callback(this[key], key)
    },
    toJSON() {
      return `{${pairs(this)
        .map(([key, json]) => `${key.toJSON()}: ${json}`)
        .join(', ')}}`
    },
  })
  extend(Array.prototype, {
    first() {
      return this[0]
    },
    toJSON() {
      const texts = []
      for (let i = 0; i < this.length; i++) texts.push(toJSON(this[i]) || 'null')
      return `[${texts.join(', ')}]`
    },
  })
  extend(String.prototype, {
    strip() {
      return this.trim()
    },
    toJSON() {
      return `"${this.replace(/["\\]/g, '\\$&')}"`
    },
  })
  extend(Function.prototype, {
    /** Like the native one, but no constructor, and without a name and a length of its own. */
    bind(receiver, ...bound) {
      const method = this
      return function () {
        return method.apply(receiver, bound.concat(Array.from(arguments)))
      }
    },
  })
  /** Takes no iterator and no mapping function. */
  Array.from = list => {
    const items = []
    for (let i = 0; i < (list ? list.length : 0); i++) items.push(list[i])
    return items
  }
  extend(Element.prototype, {
    /** In place of the native one: gives back the element. */
    remove() {
      return this.parentNode ? this.parentNode.removeChild(this) : this
    },
    select(selector) {
      return Array.from(this.querySelectorAll(selector))
    },
    identify() {
      return this.id || (this.id = 'anonymous_element')
    },
  })
  document.getElementsByClassName = name => document.documentElement.select(`.${name}`)
})()
