// Apps of the frameworks, each visited twice, with ohnoes and without: what they see of themselves must be the same.

import { fileURLToPath } from 'node:url'
import { expect, test, type Tab } from './browser.ts'
import { bundleForPage } from './page-bundle.mjs'
import type { PageServer } from './server.ts'

declare const ohnoes: typeof import('ohnoes')
declare const said: string[]

interface App {
  name: string
  /** In pages/frameworks/. */
  file: string
  /** A script of the page before ohnoes, or between ohnoes and the app. */
  earlier?: string
  later?: string
  /** How much the page says, since one that does nothing sees the same in any case. */
  entries: number
  /** How much more where there is a Navigation API. */
  navigationEntries?: number
  /** What arrives in the collector: how it was noticed, and what it says. */
  reported: unknown[]
}

/** All that is patched or listened to had something to record. */
const CATEGORIES = new Set(['ui.click', 'navigation', 'fetch', 'xhr', 'console', 'error'])

const angular = {
  file: 'angular.js',
  entries: 104,
  reported: [
    'generic Error: thrown in a handler',
    unanswered('generic'),
    'onerror Error: thrown outside',
    expect.stringMatching(/^generic HttpErrorResponse: .*404/),
    'generic Error: thrown in render',
  ],
}

const polluted = {
  file: 'polluted.js',
  entries: 96,
  navigationEntries: 15,
  reported: ['onerror TypeError: thrown in a handler', unanswered('onunhandledrejection')],
}

const APPS: App[] = [
  {
    name: 'React',
    file: 'react.jsx',
    entries: 106,
    reported: [
      'onerror Error: thrown in a handler',
      unanswered('onunhandledrejection'),
      'generic Error: thrown in render',
      'onerror Error: thrown in an effect',
    ],
  },
  {
    name: 'Vue',
    file: 'vue.js',
    entries: 99,
    reported: [
      'generic Error: thrown in a handler',
      unanswered('onunhandledrejection'),
      unanswered('generic'),
      'generic Error: thrown in render',
    ],
  },
  { name: 'Angular with zone.js', later: 'zone.js', ...angular },
  { name: 'Angular with zone.js before ohnoes', earlier: 'zone.js', ...angular },
  { name: 'polluted prototypes', earlier: 'prototypes.js', ...polluted },
  { name: 'prototypes polluted later', later: 'prototypes.js', ...polluted },
]

for (const app of APPS)
  test(`${app.name}: the page sees the same with ohnoes as without, and its errors arrive once`, async ({
    open,
    server,
    collector,
  }) => {
    serveAnswers(server)
    const { file, earlier = 'nothing.js', later = 'nothing.js' } = app
    const [script, first, last] = await Promise.all(
      [file, earlier, later].map(name => serveBundled(server, name)),
    )
    const visit = async (monitor: string) => {
      const tab = await open() // its history and its session are its own
      await tab.goto(
        server.url('frameworks/page.html', { app: script!, monitor, earlier: first!, later: last! }),
      )
      await useButtons(tab)
      return tab
    }
    const bare = await visit('nothing.js')
    const watched = await visit('/dist/ohnoes.js')
    const expected = await logOf(bare)
    const { entries, navigationEntries = 0 } = app
    const hasNavigation = await bare.run(() => 'navigation' in window)
    expect(expected).toHaveLength(entries + (hasNavigation ? navigationEntries : 0))
    expect(await logOf(watched)).toEqual(expected)

    expect(await watched.run(() => ohnoes.flush(10_000))).toBe(true)
    const events = await collector.events(server.release)
    const reported = events.map(event => {
      const { type, value, mechanism } = event.exception.values.at(-1)
      return `${mechanism.type} ${type}: ${value}`
    })
    expect(reported).toEqual(app.reported)
    const crumbs = events.flatMap(event => event.breadcrumbs ?? [])
    expect(new Set(crumbs.map(({ category }) => category))).toEqual(CATEGORIES)
  })

/** Uses every button of the page, in their order. */
async function useButtons(tab: Tab) {
  const steps = await tab.waitFor(() => {
    const ids = [...document.querySelectorAll('button')].map(({ id }) => id)
    return ids.length ? ids : undefined
  })
  for (const step of steps) {
    await tab.click(`#${step}`)
    await tab.waitFor(step => said.includes(`done | ${step}`), step)
  }
}

/** What the page has said, without what is another by chance. */
async function logOf(tab: Tab): Promise<string[]> {
  const log = await tab.run(() => said)
  // Firefox (153) tells a state twice, to listener and property, where the body comes later than the head.
  const isRepeated = (entry: string, i: number) =>
    entry.includes('| readystatechange |') && entry === log[i - 2]
  return log
    .filter((entry, i) => !isRepeated(entry, i))
    .map(entry => entry.replace(/"key":"\w+"/, '"key":"…"')) // React Router's name of a history entry
}

/** Gives back the address of a script that a file of pages/frameworks/ and all that it imports become. */
async function serveBundled(server: PageServer, file: string): Promise<string> {
  const code = await bundleForPage(fileURLToPath(new URL(`pages/frameworks/${file}`, import.meta.url)))
  server.route(`/frameworks/${file}.bundle.js`, (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' }).end(code)
  })
  return `${file}.bundle.js`
}

function serveAnswers(server: PageServer) {
  const text = { 'Content-Type': 'text/plain; charset=utf-8' }
  server.route('/answer/tea', (_request, response) => response.writeHead(200, text).end('tea'))
  server.route('/answer/echo', (_request, response, body) => response.writeHead(200, text).end(body))
  server.route('/answer/missing', (_request, response) => response.writeHead(404, text).end('sold out'))
  server.route('/answer/broken', request => request.socket.destroy())
  server.route('/answer/never', () => {})
}

/** A fetch that nobody answers fails with a text of the engine's own. */
function unanswered(mechanism: string) {
  return expect.stringMatching(`^${mechanism} TypeError: `)
}
