// One app, built by each bundler with the plugin, broken in twenty known places: what the collector shows of each frame
// is where the source says it is. The errors come first, and the source maps later.

import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from './browser.ts'
import { knownPlaces, type Place } from './bundlers/places.ts'
import { compareVariables } from './bundlers/variables.ts'
import { install } from './install.mjs'
import type { PageServer } from './server.ts'

declare const run: () => Promise<{ thrown: number; release: string }>

const HERE = fileURLToPath(new URL('bundlers/', import.meta.url))
const PLUGIN = fileURLToPath(new URL('../plugin/dist/cli.js', import.meta.url))
const CASES = 20
const KNOWN = knownPlaces()
const exec = promisify(execFile)

type Frame = Record<string, any>

/** What `npm test` has of the table: each bundler in one engine, and two of them, as they differ most, in all. */
const isInShare = (bundler: string, engine: string): boolean =>
  process.env.BUNDLERS === 'all' || engine === 'chromium' || ['vite', 'webpack'].includes(bundler)

/** Frames that minifiers, not we, lead astray: their own maps say so of the position that the engine reports. */
const MISLED: [where: RegExp, case_: number, why: string][] = [
  [
    /^(?:rollup|webpack), chromium/,
    6,
    'terser maps no `await`, which is where V8 has the callers of async functions',
  ],
]

for (const bundler of ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'])
  test(`errors of an app that ${bundler} has built read like its source, once the maps are there`, async ({
    tab,
    server,
    collector,
  }) => {
    test.setTimeout(90_000)
    test.skip(!isInShare(bundler, tab.engine), 'npm run bundlers has all bundlers in all engines')
    await inFolder(async dist => {
      for (const name of ['app', 'plain']) {
        const folder = join(dist, name)
        await exec(process.execPath, [`${HERE}build.mjs`, bundler, folder, `--${name}`], {
          cwd: `${HERE}app`,
        })
        await serve(server, name, folder)
        server.route(`/${name}.html`, (_, response) => {
          response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
          const dsn = name === 'app' ? collector.dsn : ''
          response.end(
            pageOf(bundler, { name, dsn, bundle: server.url('dist/ohnoes.js'), release: server.release }),
          )
        })
        await tab.goto(`${server.origin}/${name}.html`)
        await tab.waitFor(() => 'run' in globalThis)
        expect(await tab.run(() => run())).toEqual({ thrown: CASES, release: 'shop@1' })
      }
      const before = await collector.waitForEvents(events => events.length === CASES, server.release)
      const statuses = before.flatMap(ownFrames).map(({ symbolication }) => symbolication.status)
      expect(new Set(statuses)).toEqual(new Set(['none']))

      const token = (await collector.command('token', 'create', '1', 'upload')).split('\n')[0]!
      await exec(process.execPath, [PLUGIN, 'upload', join(dist, 'app')], {
        env: { ...process.env, OHNOES_TOKEN: token, OHNOES_DSN: collector.dsn },
      })
      // The groups are named by lines of the source now, and no provisional one is left.
      await expect
        .poll(async () =>
          (await collector.get(`groups?query=release:${server.release}`)).groups.map(culpritOf),
        )
        .not.toContainEqual(expect.stringMatching(/\(\/app\//))
      // They are listed by their groups, and each is in one once all have moved.
      const events = await collector.waitForEvents(
        found => found.length === CASES && new Set(found.map(({ event_id }) => event_id)).size === CASES,
        server.release,
      )
      const { right, wrong } = compare(bundler, events)
      const run_ = `${bundler}, ${tab.engine}`
      const unexplained = wrong.filter(
        ({ case_ }) => !MISLED.some(([where, misled]) => where.test(run_) && case_ === misled),
      )
      console.log(`${run_}: ${right} of ${right + wrong.length} frames right`)
      expect(unexplained.map(({ text }) => text)).toEqual([])
      expect(right).toBeGreaterThan(CASES)
      const compared = events.flatMap(event =>
        ownFrames(event).map(frame => compareVariables(Number(event.tags.case), frame)),
      )
      const shown = compared.filter(({ isShown }) => isShown)
      const rightlyShown = shown.filter(({ wrong }) => !wrong).length
      console.log(`  ${rightlyShown} of ${shown.length} frames with variables show them`)
      expect(shown.length).toBeGreaterThan(CASES)
      expect(compared.flatMap(({ wrong }) => wrong ?? [])).toEqual([])
    })
  })

for (const bundler of ['webpack', 'rspack'])
  test(`of modules that ${bundler} takes from its own cache the map has the names of the variables, too`, async ({}, {
    project,
  }) => {
    test.skip(project.name !== 'chromium', 'no page is needed: once is enough')
    await inFolder(async dist => {
      const builds = []
      for (const name of ['first', 'second']) {
        const folder = join(dist, name)
        const { stdout } = await exec(process.execPath, [`${HERE}build.mjs`, bundler, folder, '--app'], {
          cwd: `${HERE}app`,
          env: { ...process.env, CACHE: join(dist, 'cache') },
        })
        const map = JSON.parse(await readFile(join(folder, 'main.js.map'), 'utf8'))
        builds.push({ built: parseInt(stdout), names: map.x_ohnoes_locals })
      }
      const [first, second] = builds
      expect(first!.built).toBeGreaterThan(0)
      expect(second!.built).toBe(0)
      expect(Object.keys(first!.names).length).toBeGreaterThan(5)
      expect(second!.names).toEqual(first!.names)
    })
  })

for (const bundler of ['webpack', 'rspack'])
  test(`${bundler}: images that \`include\` covers stay as they are, an alias of ohnoes is not ours, no module is instrumented twice`, async ({}, {
    project,
  }) => {
    test.skip(project.name !== 'chromium', 'no page is needed: once is enough')
    await inFolder(async folder => {
      const { stdout } = await exec(process.execPath, [`${HERE}build-odd.mjs`, bundler, join(folder, 'app')])
      expect(JSON.parse(stdout)).toEqual({ functions: ['total'], isImageSame: true, records: 1 })
    })
  })

/** In one of these, where the bundlers are found, until all is done. */
async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const problem = await install(HERE)
  test.skip(problem !== undefined, problem)
  const folder = await mkdtemp(join(HERE, 'dist-'))
  try {
    await run(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function serve(server: PageServer, name: string, folder: string): Promise<void> {
  for (const file of await readdir(folder, { recursive: true }))
    server.route(`/${name}/${file}`, async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/javascript' })
      response.end(await readFile(join(folder, file)))
    })
}

const culpritOf = ({ culprit }: Frame): string => culprit

interface Page {
  name: string
  dsn: string
  bundle: string
  release: string
}

const pageOf = (bundler: string, { name, dsn, bundle, release }: Page): string => `<!doctype html>
<meta charset="utf-8"><title>app</title>
<script>__OHNOES_RELEASE__ = 'shop@1'</script>
<script src="${bundle}" data-dsn="${dsn}" data-release="${release}"></script>
<script ${['webpack', 'rspack'].includes(bundler) ? '' : 'type="module"'} src="/${name}/main.js"></script>`

/** The app's own, newest first. */
const ownFrames = (event: Frame): Frame[] =>
  event.exception.values
    .at(-1)
    .stacktrace.frames.filter(({ in_app, raw }: Frame) => in_app && raw.filename.includes('/app/'))
    .toReversed()

interface Miss {
  case_: number
  text: string
}

/** Each frame against the places of its case: engines leave frames out, but what they report has to be one of them. */
function compare(bundler: string, events: Frame[]): { right: number; wrong: Miss[] } {
  let right = 0
  const wrong: Miss[] = []
  for (const event of events) {
    const case_ = Number(event.tags.case)
    const places = KNOWN.filter(place => place.case === case_)
      .sort((a, b) => a.depth - b.depth)
      .map(place => ({ ...place, filename: pathOf(bundler, place.filename) }))
    const frames = ownFrames(event).filter(({ filename }) => !/(?:main|h)\.ts$/.test(filename))
    if (!frames.length) wrong.push({ case_, text: `case ${case_}: no frame of its own` })
    let from = 0
    for (const frame of frames.slice(0, places.length)) {
      const at = places.findIndex((place, index) => index >= from && isAt(frame, place))
      if (at < 0) wrong.push({ case_, text: `case ${case_}: ${textOf(frame)}, sent as ${textOf(frame.raw)}` })
      else {
        right++
        from = at + 1
      }
    }
  }
  return { right, wrong }
}

/** What the maps of a bundler call a file of the app: its path from the output, of which the steps up count for nothing. */
function pathOf(bundler: string, filename: string): string {
  // These start at the root of the project.
  if (['webpack', 'rspack'].includes(bundler)) return filename
  // Vite (8.3) gives the files of workers their paths from `dist/assets` in the root, wherever it builds to.
  if (bundler === 'vite' && /^work(?:er)?\.ts$/.test(filename)) return filename
  return `app/${filename}`
}

const isAt = (frame: Frame, place: Place): boolean =>
  frame.function === place.function &&
  frame.filename === place.filename &&
  frame.lineno === place.lineno &&
  frame.colno >= place.columns[0] &&
  frame.colno <= place.columns[1]

const textOf = ({ function: name, filename, lineno, colno }: Frame): string =>
  `${name ?? '-'} ${filename}:${lineno}:${colno}`
