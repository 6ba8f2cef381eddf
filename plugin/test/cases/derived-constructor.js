// A constructor that throws before `super()`, or never calls it, fails as it did.
class Base { constructor(given) { this.given = given } }
class Derived extends Base {
  constructor(mode) {
    const kind = mode + '!'
    if (mode === 'before') throw new Error(kind)
    const call = () => super(kind)
    if (mode === 'arrow') { const made = call(); return made }
    if (mode === 'twice') { super(1); super(2) }
    if (mode === 'object') return { other: kind }
    if (mode === 'primitive') return 1
    if (mode === 'this') this.x = 1
    if (mode === 'plain') { super(kind); this.mine = new.target.name }
  }
}
function make(mode) { try { return { ...new Derived(mode) } } catch (error) { return `${error.name}: ${error.message}` } }
is(make('before'), 'Error: before!')
is(make('arrow'), { given: 'arrow!' })
is(make('twice'), 'ReferenceError: Super constructor may only be called once')
is(make('object'), { other: 'object!' })
is(make('primitive'), 'TypeError: Derived constructors may only return object or undefined')
const never = "ReferenceError: Must call super constructor in derived class before accessing 'this' or returning from derived constructor"
is(make('this'), never)
is(make('never'), never)
is(make('plain'), { given: 'plain!', mine: 'Derived' })
