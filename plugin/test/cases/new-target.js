// `new.target` and `this` are what they were, in functions, arrows and accessors.
function Shop(name) {
  const target = new.target
  const arrow = () => { const inner = new.target; return inner }
  if (!target) return [typeof this, arrow()]
  this.seen = [target === Shop, arrow() === Shop, name]
}
is(new Shop('a').seen, [true, true, 'a'])
is(Shop.call(1), ['object', undefined])
const holder = { x: 2, get twice() { const { x } = this; return x * 2 }, set twice(v) { const half = v / 2; this.x = half }, m() { const f = () => this.x; return f() } }
holder.twice = 10
is([holder.twice, holder.m()], [10, 5])
