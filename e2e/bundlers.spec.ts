// One app, built by each bundler with the plugin, broken in twenty known places: what the collector shows of each frame
// is where the source says it is. The errors come first, and the source maps later.

import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from './browser.ts'
import { knownPlaces, type Place } from './bundlers/places.ts'
import { install } from './install.mjs'

declare const run: () => Promise<{ thrown: number; release: string }>

const HERE = fileURLToPath(new URL('bundlers/', import.meta.url))
const PLUGIN = fileURLToPath(new URL('../plugin/dist/cli.js', import.meta.url))
const CASES = 20
const KNOWN = knownPlaces()
const exec = promisify(execFile)

type Frame = Record<string, any>

for (const bundler of ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'])
  test(`errors of an app that ${bundler} has built read like its source, once the maps are there`, async ({
    tab,
    server,
    collector,
  }, { annotations }) => {
    test.setTimeout(90_000)
    const problem = await install(HERE)
    test.skip(problem !== undefined, problem)
    const dist = await mkdtemp(join(tmpdir(), `ohnoes-${bundler}-`))
    try {
      await exec(process.execPath, [`${HERE}build.mjs`, bundler, dist])
      server.route('/app.html', (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        response.end(pageOf(server.url('dist/ohnoes.js'), collector.dsn, bundler, server.release))
      })
      for (const name of await readdir(dist, { recursive: true }))
        server.route(`/app/${name}`, async (_, response) => {
          response.writeHead(200, { 'content-type': 'text/javascript' })
          response.end(await readFile(join(dist, name)))
        })
      await tab.goto(`${server.origin}/app.html`)
      await tab.waitFor(() => 'run' in globalThis)
      expect(await tab.run(() => run())).toEqual({ thrown: CASES, release: 'shop@1' })
      const before = await collector.waitForEvents(events => events.length === CASES, server.release)
      for (const event of before)
        for (const frame of ownFrames(event)) expect(frame.symbolication.status).toBe('none')

      const token = (await collector.command('token', 'create', '1', 'upload')).split('\n')[0]!
      await exec(process.execPath, [PLUGIN, 'upload', dist], {
        env: { ...process.env, OHNOES_TOKEN: token, OHNOES_DSN: collector.dsn },
      })
      const events = await collector.events(server.release)
      const { right, wrong, lost } = compare(events)
      annotations.push({ type: 'row', description: `${right} of ${right + wrong.length} frames right` })
      for (const miss of [...wrong, ...lost]) annotations.push({ type: 'miss', description: miss })
      console.log(
        [
          `${bundler}, ${tab.engine}: ${right} of ${right + wrong.length} frames right`,
          ...wrong,
          ...lost,
        ].join('\n  '),
      )
      expect(right / (right + wrong.length)).toBeGreaterThanOrEqual(0.95)
      const framesWithVars = events.flatMap(ownFrames).filter(({ vars }) => vars)
      console.log(`  ${framesWithVars.length} of ${events.flatMap(ownFrames).length} show variables`)
      expect(framesWithVars.length).toBeGreaterThan(CASES)
      // The groups are named by lines of the source now, and no provisional one is left.
      await expect
        .poll(async () =>
          (await collector.get(`groups?query=release:${server.release}`)).groups.map(culpritOf),
        )
        .not.toContainEqual(expect.stringMatching(/\(\/app\//))
    } finally {
      await rm(dist, { recursive: true, force: true })
    }
  })

const culpritOf = ({ culprit }: Frame): string => culprit

const pageOf = (bundle: string, dsn: string, bundler: string, release: string): string => `<!doctype html>
<meta charset="utf-8"><title>app</title>
<script src="${bundle}" data-dsn="${dsn}" data-release="${release}"></script>
${
  ['webpack', 'rspack'].includes(bundler)
    ? '<script src="/app/main.js"></script>'
    : '<script type="module" src="/app/main.js"></script>'
}`

/** The app's own, newest first. */
const ownFrames = (event: Frame): Frame[] =>
  event.exception.values
    .at(-1)
    .stacktrace.frames.filter(({ in_app, raw }: Frame) => in_app && raw.filename.includes('/app/'))
    .toReversed()

/** Each frame against the places of its case: engines leave frames out, but what they report has to be one of them. */
function compare(events: Frame[]): { right: number; wrong: string[]; lost: string[] } {
  let right = 0
  const wrong: string[] = []
  const lost: string[] = []
  for (const event of events) {
    const number = Number(event.tags.case)
    const places = KNOWN.filter(place => place.case === number).sort((a, b) => a.depth - b.depth)
    const frames = ownFrames(event).filter(({ filename }) => !/(?:main|h)\.ts$/.test(filename))
    let from = 0
    for (const frame of frames.slice(0, places.length)) {
      const at = places.findIndex((place, index) => index >= from && isAt(frame, place))
      if (at >= 0) {
        right++
        from = at + 1
      } else
        wrong.push(
          `case ${number}: ${textOf(frame)}, sent as ${textOf(frame.raw)} ${frame.symbolication.reason ?? ''}`,
        )
    }
    if (!frames.length) lost.push(`case ${number}: no frame of its own was sent`)
  }
  return { right, wrong, lost }
}

const isAt = (frame: Frame, place: Place): boolean =>
  frame.function === place.function &&
  frame.filename.split('/').at(-1) === place.filename &&
  frame.lineno === place.lineno &&
  frame.colno >= place.columns[0] &&
  frame.colno <= place.columns[1]

const textOf = ({ function: name, filename, lineno, colno }: Frame): string =>
  `${name ?? '-'} ${filename}:${lineno}:${colno}`
