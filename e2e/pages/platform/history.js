'use strict'

const sayPlace = note =>
  note(location.pathname + location.hash, history.length, JSON.stringify(history.state))

behaviours.history = {
  'has the same functions': note => {
    for (const name of ['pushState', 'replaceState', 'back', 'go']) noteShape(note, History.prototype, name)
    note(Reflect.ownKeys(history).length, Reflect.ownKeys(History.prototype).map(String))
  },

  'takes the receivers and arguments that it takes': note => {
    for (const name of ['pushState', 'replaceState']) {
      const { [name]: move } = History.prototype
      const calls = {
        'no receiver': () => move(null, '', '#a'),
        null: () => move.call(null, null, '', '#a'),
        'an object': () => move.call({}, null, '', '#a'),
        'the prototype': () => History.prototype[name](null, '', '#a'),
        'no arguments': () => history[name](),
        'one argument': () => history[name](1),
        'two arguments': () => history[name]({ two: 2 }, ''),
        'a null URL': () => history[name](undefined, '', null),
        'an undefined URL': () => history[name](null, '', undefined),
        'an empty URL': () => history[name](3, '', ''),
        'four arguments': () => history[name](4, '', '#four', 'more'),
        'a bad URL': () => history[name](null, '', 'http://:::'),
        'another origin': () => history[name](null, '', otherOrigin),
        'another scheme': () => history[name](null, '', 'data:,'),
        'a symbol': () => history[name](null, '', Symbol('tea')),
        'a state that cannot be cloned': () => history[name](() => {}, '', '#never'),
        'a state that throws': () =>
          history[name](
            {
              get tea() {
                throw new RangeError('from a getter')
              },
            },
            '',
            '#never',
          ),
        bound: () => history[name].bind(history)(5, '', '#bound'),
        'a frame’s': () => move.call(addFrame().history, 6, ''),
      }
      for (const [what, call] of Object.entries(calls)) {
        note(name, what, outcome(call))
        sayPlace(note)
      }
    }
  },

  'reads its arguments once and in order': note => {
    const read = []
    const text = name => ({
      toString() {
        read.push(name)
        return `#${name}`
      },
    })
    const state = telltale({ a: 1, b: { c: [2] } }, read)
    history.pushState(state, text('title'), text('url'))
    note(read)
    sayPlace(note)
    note(history.state === state, history.state === history.state, document.URL.endsWith('#url'))
  },

  'fires nothing when it is pushed or replaced': async note => {
    const types = ['popstate', 'hashchange', 'beforeunload', 'pagehide']
    const hear = event => note('never', event.type)
    for (const type of types) addEventListener(type, hear)
    history.pushState(1, '', '/tea#pushed')
    history.replaceState(2, '', '/tea#replaced')
    await fetch('/echo')
    sayPlace(note)
    for (const type of types) removeEventListener(type, hear)
  },

  'fires popstate and hashchange in order': async note => {
    const hear = event => {
      note(event.type, JSON.stringify(event.state), event.newURL?.replace(/.*#/, '#'), event.target === self)
      queueMicrotask(() => note('microtask of', event.type))
      sayPlace(note)
    }
    self.onpopstate = self.onhashchange = hear
    history.pushState({ n: 1 }, '', '#one')
    history.pushState({ n: 2 }, '', '#two')
    let isOver = happens('hashchange')
    location.hash = 'three'
    await isOver
    for (const move of [() => history.back(), () => history.go(-1), () => history.forward()]) {
      isOver = happens('hashchange')
      move()
      note('not yet')
      await isOver
    }
    location.hash = location.hash // the same place, where engines differ
    document.body.appendChild(Object.assign(document.createElement('a'), { href: location.hash })).click()
    await fetch('/echo')
    self.onpopstate = self.onhashchange = null
    sayPlace(note)
  },

  'tells the Navigation API as before': async note => {
    if (!self.navigation) return note('none')
    const types = ['navigate', 'currententrychange', 'navigatesuccess', 'navigateerror']
    const hear = event => {
      const { type, navigationType, canIntercept, from, destination } = event
      note(type, navigationType, canIntercept, tell(from), destination?.url.replace(location.origin, ''))
    }
    for (const type of types) navigation.addEventListener(type, hear)
    history.pushState({ n: 1 }, '', '/tea/1')
    history.replaceState({ n: 2 }, '', '/tea/2')
    const { committed, finished } = navigation.navigate('#three', { state: 'three' })
    note((await committed) === (await finished), navigation.currentEntry.getState(), history.state)
    await navigation.back().finished
    navigation.addEventListener('navigate', event => event.preventDefault(), { once: true })
    note(outcome(() => history.pushState(null, '', '/prevented')))
    sayPlace(note)
    for (const type of types) navigation.removeEventListener(type, hear)
    note(navigation.entries().length - navigation.currentEntry.index, navigation.onnavigate)
  },

  'is untouched in frames': note => {
    const frame = addFrame()
    noteShape(note, frame.History.prototype, 'pushState')
    note(
      outcome(() => frame.history.pushState({ frame: 1 }, '')),
      JSON.stringify(frame.history.state),
    )
    frame.frameElement.remove()
    note(outcome(() => frame.history?.pushState({ gone: 1 }, '')))
    sayPlace(note)
  },
}
