// Fields, static blocks, private members, accessors and computed names see what they saw.
function make(seed) {
  const log = []
  const key = 'k' + seed
  class A {
    static count = log.push('static field')
    static { const inner = this.count; let fail = () => inner; log.push(fail() + seed) }
    #secret = seed + 1
    field = (() => { const x = this.#secret; return x * 2 })()
    get value() { const v = this.#secret; return v }
    set value(next) { const old = this.#secret; this.#secret = next; log.push(old) }
    [key](p = this.field) { const q = p; return q + this.#secret }
    static async *[`${key}s`](n) { for (let i = 0; i < n; i++) { const item = i; yield item } }
    has(o) { const is = #secret in o; return is }
  }
  const a = new A()
  a.value = 10
  return [a.value, a.field, a[key](), a.has(a), a.has({}), log, Object.getOwnPropertyNames(A.prototype)]
}
is(make(1), [10, 4, 14, true, false, ['static field', 2, 2], ['constructor', 'value', 'k1', 'has']])
