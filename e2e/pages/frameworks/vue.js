import { createApp, h, nextTick, onErrorCaptured, ref, watch } from 'vue'
import { RouterLink, RouterView, createRouter, createWebHistory } from 'vue-router'
import { doNetwork, doTimers, failingStep, sayPlace, step, until } from './work.js'

const shown = () => document.querySelector('main').textContent
const button = (id, onClick, text = '') => h('button', { id, onClick }, text)

const Counter = {
  setup() {
    const cups = ref(0)
    watch(cups, (now, before) => say('watched', before, now))
    const count = async () => {
      cups.value++
      cups.value++
      say('batched', shown())
      await nextTick()
      say('next tick', shown())
      cups.value = (await (await fetch('/answer/tea')).text()).length
      await nextTick()
      say('next tick', shown())
    }
    return () => button('count', () => step('count', count), `${cups.value} cups`)
  },
}

const Tea = { props: ['kind'], setup: props => () => `a cup of ${props.kind}` }

const Broken = {
  setup() {
    return () => {
      throw new Error('thrown in render')
    }
  },
}

/** Handles what its children throw, as an error boundary. */
const Boundary = {
  setup(_props, { slots }) {
    const failed = ref('')
    onErrorCaptured((error, _instance, info) => {
      say('boundary', error, info)
      self.ohnoes?.captureException(error)
      failed.value = error.message
      return false
    })
    return () => (failed.value ? h('p', { id: 'fallback' }, failed.value) : slots.default())
  },
}

const Risky = {
  setup() {
    const isBroken = ref(false)
    const breakNow = () => {
      isBroken.value = true
      return until(() => document.querySelector('#fallback'))
    }
    return () => [
      h(Boundary, () => (isBroken.value ? h(Broken) : '')),
      button('render', () => step('render', breakNow)),
    ]
  },
}

function throwInHandler() {
  failingStep('throw', 'handled')
  throw new Error('thrown in a handler')
}

/** Vue hears of a rejection when the handler gives back the promise, and the window when it does not. */
async function rejectInHandler() {
  await fetch('/answer/broken')
}

const Page = {
  render: () => [
    h('main', h(RouterView)),
    h(RouterLink, { id: 'link', to: '/tea/oolong' }),
    button('walk', () => step('walk', walk)),
    button('network', () => step('network', doNetwork)),
    button('timers', () => step('timers', doTimers)),
    button('throw', throwInHandler),
    button('reject', () => {
      failingStep('reject', 'unhandledrejection')
      rejectInHandler()
    }),
    button('handled', () => {
      failingStep('handled', 'handled')
      return rejectInHandler()
    }),
    h(Risky),
  ],
}

const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/frameworks/page.html', component: Counter },
    { path: '/tea/:kind', component: Tea, props: true },
    {
      path: '/loaded',
      component: Tea,
      props: true,
      beforeEnter: async to => void (to.params.kind = await text()),
    },
    { path: '/guarded', component: Tea, beforeEnter: () => false },
    { path: '/broken', component: Tea, beforeEnter: () => fetch('/answer/broken') },
  ],
})

const text = async () => (await fetch('/answer/tea')).text()

async function walk() {
  const go = async work => say('went', `${await work().catch(error => `failed: ${error.name}`)}`)
  const arrive = async text => {
    await until(() => shown().startsWith(text))
    sayPlace(shown())
  }
  await go(() => router.push({ path: '/tea/green', state: { cup: 1 } }))
  await arrive('a cup of green')
  await go(() => router.replace('/tea/black?milk=1#leaf'))
  await arrive('a cup of black')
  await go(() => router.push('/guarded'))
  await go(() => router.push('/broken'))
  await go(() => router.push('/loaded'))
  await arrive('a cup of')
  router.go(-1)
  await arrive('a cup of black')
  document.querySelector('#link').click()
  await arrive('a cup of oolong')
  history.go(-2)
  await arrive('0 cups')
}

const app = createApp(Page)
app.config.errorHandler = (error, _instance, info) => {
  say('errorHandler', error, info)
  self.ohnoes?.captureException(error)
  dispatchEvent(new Event('handled'))
}
app.use(router).mount('#app')
