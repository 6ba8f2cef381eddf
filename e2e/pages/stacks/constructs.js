// One error of each construct that stacks are made of. The frames that a stack must have, newest first, are told by the
// comments at the end of their lines: `@ construct | number | function`; `?` after the number: not every engine has it.
// A `+` keeps a call from being a tail call, of which JavaScriptCore leaves no frame in strict code.
'use strict'

const constructs = {
  declaration() {
    function declared() {
      throw new Error('thrown') // @ declaration | 1 | declared
    }
    declared() // @ declaration | 2 | declaration
  },
  arrow() {
    const arrow = () => {
      throw new TypeError('thrown') // @ arrow | 1 | arrow
    }
    arrow() // @ arrow | 2 | arrow
  },
  anonymous() {
    ;(function () {
      throw new Error('thrown') // @ anonymous | 1
    })() // @ anonymous | 2 | anonymous
  },
  'class members'() {
    class Cart {
      #rate = 2
      static from() {
        return +new Cart().sum // @ class members | 4 | from
      }
      get sum() {
        return +this.#private() // @ class members | 3 | sum
      }
      #private() {
        return +this.method() // @ class members | 2 | #private
      }
      method() {
        throw new RangeError(this.#rate) // @ class members | 1 | method
      }
    }
    Cart.from() // @ class members | 5 | class members
  },
  constructors() {
    class Base {
      constructor() {
        throw new Error('thrown') // @ constructors | 1 | Base
      }
    }
    class Derived extends Base {
      constructor() {
        super() // @ constructors | 2 | Derived
      }
    }
    new Derived() // @ constructors | 3 | constructors
  },
  setter() {
    const object = {
      set value(value) {
        throw new Error(value) // @ setter | 1 | value
      },
    }
    object.value = 1 // @ setter | 2 | setter
  },
  alias() {
    const object = {}
    object.alias = function original() {
      throw new Error('thrown') // @ alias | 1 | original
    }
    object.alias() // @ alias | 2 | alias
  },
  'a name with spaces'() {
    throw new Error('thrown') // @ a name with spaces | 1 | a name with spaces
  },
  'a (name) [with] {brackets}'() {
    throw new Error('thrown') // @ a (name) [with] {brackets} | 1 | a (name) [with] {brackets}
  },
  'a/name/with/slashes'() {
    throw new Error('thrown') // @ a/name/with/slashes | 1 | a/name/with/slashes
  },
  'name@host'() {
    throw new Error('thrown') // @ name@host | 1 | name@host
  },
  native() {
    ;[1].map(function mapper() {
      throw new Error('thrown') // @ native | 1 | mapper
    })
  },
  'async function'() {
    return outer()
    async function outer() {
      await inner() // @ async function | 2? | outer
    }
    async function inner() {
      await null
      throw new Error('thrown') // @ async function | 1 | inner
    }
  },
  'Promise.all'() {
    return all()
    async function all() {
      await Promise.all([null, member()])
    }
    async function member() {
      await null
      throw new Error('thrown') // @ Promise.all | 1 | member
    }
  },
  generator() {
    function* numbers() {
      yield 1
      throw new Error('thrown') // @ generator | 1 | numbers
    }
    for (const number of numbers()) void number // @ generator | 2? | generator
  },
  timer() {
    return new Promise((_, reject) =>
      setTimeout(function later() {
        reject(new Error('thrown')) // @ timer | 1 | later
      }),
    )
  },
  eval() {
    eval('throw new Error("evaluated")') // @ eval | 1
  },
  'nested eval'() {
    eval('eval("throw new Error(\'evaluated\')")') // @ nested eval | 1
  },
  'indirect eval'() {
    const evaluate = eval
    evaluate('function inEval() { throw new Error("evaluated") }; inEval()') // @ indirect eval | 1
  },
  Function() {
    Function('throw new Error("made")')() // @ Function | 1
  },
  'message of many lines'() {
    throw new Error('no\n    at fake (https://a.example/b.js:1:2)\nfake@https://a.example/b.js:1:2') // @ message of many lines | 1 | message of many lines
  },
  'message changed later'() {
    const error = new Error('no\n    at fake (https://a.example/b.js:1:2)\n  and more') // @ message changed later | 1 | message changed later
    error.message = 'another'
    throw error
  },
  'name changed later'() {
    const error = new Error('thrown') // @ name changed later | 1 | name changed later
    error.name = 'Renamed: at x (y:1:2)'
    throw error
  },
  'empty message'() {
    throw new Error() // @ empty message | 1 | empty message
  },
  recursion() {
    function down(n) {
      if (n) return +down(n - 1) // @ recursion | 2 | down
      throw new Error('thrown') // @ recursion | 1 | down
    }
    down(1) // @ recursion | 3 | recursion
  },
  'engine error'() {
    undefined.property // @ engine error | 1 | engine error
  },
}
