import { Component, useEffect, useState, useTransition } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { Link, Outlet, createBrowserRouter, useLoaderData, useRouteError } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { doNetwork, doTimers, failingStep, happens, sayPlace, step, until } from './work.js'

const shown = () => document.querySelector('main').textContent

function Counter() {
  const [cups, setCups] = useState(0)
  const [isPending, startTransition] = useTransition()
  useEffect(() => {
    say('effect', cups, isPending)
    document.body.dataset.effect = `${cups} ${isPending}`
    return () => say('effect cleaned up', cups)
  }, [cups, isPending])
  const count = async () => {
    setCups(n => n + 1)
    setCups(n => n + 1)
    say('batched', shown())
    await until(() => shown() == '2 cups')
    flushSync(() => setCups(10))
    say('flushed', shown())
    startTransition(async () => {
      await fetch('/answer/tea')
      setCups(11)
    })
    await until(() => document.body.dataset.effect == '11 false')
  }
  return <button id="count" onClick={() => step('count', count)}>{`${cups} cups`}</button>
}

class Boundary extends Component {
  state = { error: null }
  static getDerivedStateFromError(error) {
    return { error }
  }
  componentDidCatch(error, { componentStack }) {
    say('boundary', error, componentStack)
    self.ohnoes?.captureException(error)
  }
  render() {
    return this.state.error ? <p id="fallback">{this.state.error.message}</p> : this.props.children
  }
}

function Broken({ when }) {
  useEffect(() => {
    if (when == 'in an effect') throw new Error('thrown in an effect')
  })
  if (when == 'in render') throw new Error('thrown in render')
  return null
}

function Risky() {
  const [when, setWhen] = useState()
  const breakNow = () => {
    setWhen('in render')
    return until(() => document.querySelector('#fallback'))
  }
  return (
    <Boundary key={when}>
      <Broken when={when} />
      <button id="render" onClick={() => step('render', breakNow)} />
    </Boundary>
  )
}

function throwInHandler() {
  failingStep('throw', 'error')
  throw new Error('thrown in a handler')
}

async function rejectInHandler() {
  failingStep('reject', 'unhandledrejection')
  await fetch('/answer/broken')
}

function Page() {
  return (
    <>
      <main>
        <Outlet />
      </main>
      <Link id="link" to="/tea/oolong" state={{ from: 'link' }} />
      <button id="walk" onClick={() => step('walk', walk)} />
      <button id="network" onClick={() => step('network', doNetwork)} />
      <button id="timers" onClick={() => step('timers', doTimers)} />
      <button id="throw" onClick={throwInHandler} />
      <button id="reject" onClick={rejectInHandler} />
      <Risky />
      <button id="unmount" onClick={() => step('unmount', unmount)} />
    </>
  )
}

function Tea() {
  return `a cup of ${useLoaderData()}`
}

function Failed() {
  return `failed: ${useRouteError().message}`
}

const load =
  url =>
  ({ request }) =>
    fetch(url, { signal: request.signal }).then(response => response.text())

const router = createBrowserRouter([
  {
    Component: Page,
    children: [
      { path: '/frameworks/page.html', Component: Counter },
      { path: '/tea/:kind', loader: ({ params }) => params.kind, Component: Tea },
      { path: '/loaded', loader: load('/answer/tea'), Component: Tea },
      { path: '/slow', loader: load('/answer/never'), Component: Tea },
      { path: '/broken', loader: load('/answer/broken'), Component: Tea, ErrorBoundary: Failed },
    ],
  },
])

async function walk() {
  const arrive = async text => {
    await until(() => shown().startsWith(text))
    sayPlace(shown().startsWith('failed') ? 'failed' : shown())
  }
  router.navigate('/tea/green', { state: { cup: 1 } })
  await arrive('a cup of green')
  router.navigate('/tea/black?milk=1#leaf', { replace: true })
  await arrive('a cup of black')
  router.navigate('/slow')
  router.navigate('/loaded')
  await arrive('a cup of tea')
  router.navigate('/broken')
  await arrive('failed')
  router.navigate(-2)
  await arrive('a cup of black')
  document.querySelector('#link').click()
  await arrive('a cup of oolong')
  history.go(-2)
  await arrive('0 cups')
}

/** The only boundary above an effect of the root is the root itself: React gives up and tells the window. */
async function unmount() {
  const other = createRoot(document.body.appendChild(document.createElement('div')))
  other.render(<Broken when="in an effect" />)
  await happens('error')
  say('left', document.body.lastChild.innerHTML)
}

createRoot(document.querySelector('#app')).render(<RouterProvider router={router} />)
