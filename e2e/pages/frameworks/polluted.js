// An app without a framework, on whatever the prototypes have become.
import { doNetwork, doTimers, failingStep, happens, sayPlace, step } from './work.js'

const root = document.querySelector('#app')
const shown = () => root.querySelector('main').textContent

root.innerHTML = `<main></main>${['count', 'walk', 'intercept', 'network', 'timers', 'throw', 'reject']
  .map(id => `<button id="${id}" class="wide"><b>${id}</b></button>`)
  .join('')}`

const jobs = {
  count: () =>
    step('count', async () => {
      const cups = [1, 2, 3].first() + document.getElementsByClassName('wide').length
      root.querySelector('main').textContent = `${cups} cups`
      const keys = []
      for (const key in { own: 1 }) keys.push(key)
      for (const key in ['tea']) keys.push(key)
      say('keys', String(keys), shown())
      say('JSON', JSON.stringify({ teas: ['green', 'black'], cups }))
      say('bound', jobs.count.bind(null, 1).length, root.identify())
    }),
  walk: () => step('walk', walk),
  intercept: () => step('intercept', intercept),
  network: () => step('network', doNetwork),
  timers: () => step('timers', doTimers),
  throw: () => {
    failingStep('throw', 'error')
    throw new TypeError('thrown in a handler')
  },
  reject: () => {
    failingStep('reject', 'unhandledrejection')
    fetch('/answer/broken')
  },
}

root.addEventListener('click', ({ target }) => {
  const { id } = target.closest('button')
  say('clicked', target.localName, id)
  jobs[id]()
})

async function walk() {
  history.pushState({ cup: 1 }, '', '/tea/green')
  sayPlace(shown())
  history.replaceState({ cup: [2, 3] }, '', '/tea/black?milk=1')
  sayPlace(shown())
  history.pushState(null, '', '#leaf')
  sayPlace(shown())
  try {
    history.pushState({ shown }, '', '/never')
  } catch ({ name }) {
    say('not pushed', name)
  }
  location.hash = 'bud'
  await happens('hashchange')
  sayPlace(shown())
  history.go(-2)
  await happens('hashchange')
  sayPlace(shown())
}

/** The same by the Navigation API, where there is one. */
async function intercept() {
  if (!self.navigation) return
  navigation.onnavigate = event => {
    const { navigationType, destination, canIntercept, hashChange, info } = event
    say('navigate', navigationType, new URL(destination.url).pathname, canIntercept, hashChange, info)
    if (info == 'refused') event.preventDefault()
    else
      event.intercept({
        async handler() {
          await fetch('/answer/tea')
          if (info == 'fails') throw new RangeError('no such tea')
        },
      })
  }
  navigation.onnavigatesuccess = () => say('navigatesuccess')
  navigation.onnavigateerror = ({ error }) => say('navigateerror', `${error}`)
  navigation.oncurrententrychange = ({ navigationType }) => say('currententrychange', navigationType)
  for (const info of ['well', 'refused', 'fails']) {
    const { committed, finished } = navigation.navigate(`/tea/${info}`, { info, state: { cup: 4 } })
    for (const [name, promise] of [
      ['committed', committed],
      ['finished', finished],
    ])
      await promise.then(
        entry => say(name, new URL(entry.url).pathname, entry.getState()),
        error => say(name, `${error}`),
      )
  }
  sayPlace(shown())
  navigation.onnavigate = null
}
