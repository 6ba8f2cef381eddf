import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Access, AccessEnv } from './access.ts'
import { debugIdKey, urlKey } from './artifact-keys.ts'
import type { Artifact } from './artifact-store.ts'
import { cut, quote } from './cut.ts'
import { HttpError } from './http-error.ts'
import { isObject } from './json.ts'
import type { Symbolicator } from './maps/symbolicator.ts'
import type { Projects } from './projects.ts'
import type { Regrouping } from './regrouping.ts'
import type { Store } from './store.ts'

/** Of one generated file with its map, in gzip. */
const MAX_UPLOAD_BYTES = 64 * 1024 * 1024
const MAX_QUESTION_BYTES = 1024 * 1024
const MAX_TEXT_LENGTH = 1000
const DEBUG_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

const compress = promisify(gzip)

export interface ArtifactUploadOptions {
  store: Store
  projects: Projects
  access: Access
  symbolicator: Symbolicator
  regrouping: Pick<Regrouping, 'start'>
  now: () => number
}

/** `POST /api/{project}/artifacts`, a form of a generated file and its map, and the question what is missing. */
export function createArtifactUpload(options: ArtifactUploadOptions): Hono<AccessEnv> {
  const { store, projects, access, symbolicator, regrouping, now } = options
  const app = new Hono<AccessEnv>()
  for (const path of ['/api/:project/artifacts', '/api/:project/artifacts/missing'])
    app.post(path, requireToken, access.guard, access.guardProject)

  app.post('/api/:project/artifacts/missing', bodyLimit({ maxSize: MAX_QUESTION_BYTES }), async c => {
    const project = projects.find(c.req.param('project'))
    const asked = readQuestion(await c.req.json().catch(() => null))
    const known = await store.findArtifacts(
      project.id,
      asked.map(({ debugId }) => debugIdKey(debugId)),
    )
    const missing = asked.filter(({ debugId, mapHash }) => known[debugIdKey(debugId)]?.mapHash !== mapHash)
    return c.json({ missing: missing.map(({ debugId }) => debugId) })
  })

  app.post(
    '/api/:project/artifacts',
    bodyLimit({ maxSize: MAX_UPLOAD_BYTES, onError: refuseLarge }),
    async c => {
      const project = projects.find(c.req.param('project'))
      const { map, code, ...fields } = await readForm(c)
      const content = createHash('sha256')
        .update(map)
        .update(code ?? '')
        .digest('hex')
        .slice(0, 32)
      const packed = await symbolicator.pack(content, { map, code })
      const keys = keysOf(fields)
      const artifact: Artifact = {
        ...fields,
        id: createHash('sha256')
          .update(JSON.stringify([content, keys]))
          .digest('hex')
          .slice(0, 16),
        content,
        mapHash: packed.ok ? packed.mapHash : '',
        mapBytes: packed.ok ? packed.mapBytes : map.byteLength,
        createdMs: now(),
        usedMs: now(),
        refused: packed.ok ? null : packed.reason,
      }
      await store.addArtifact(project.id, artifact, packed.ok ? { map, code } : null, keys)
      if (!packed.ok)
        throw new HttpError(
          422,
          'refused_map',
          `The map of ${quote(artifact.name)} was refused: ${packed.reason}.`,
        )
      void regrouping.start()
      return c.json({ id: artifact.id }, 201)
    },
  )
  return app
}

// Ahead of the guard, which would read a form for its CSRF token before anything has said how large it may be.
async function requireToken(c: Context, next: () => Promise<void>): Promise<void> {
  if (c.req.header('authorization')) return next()
  throw new HttpError(
    401,
    'unauthorized',
    'Send a token as Authorization: Bearer; `ohnoes-collector token create PROJECT upload` makes one.',
    { 'www-authenticate': 'Bearer' },
  )
}

function refuseLarge(): never {
  throw new HttpError(
    413,
    'too_large',
    `A map with its file has at most ${MAX_UPLOAD_BYTES} bytes: send both in gzip.`,
  )
}

interface Question {
  debugId: string
  mapHash: string
}

function readQuestion(body: unknown): Question[] {
  const list = isObject(body) && Array.isArray(body.artifacts) ? body.artifacts : null
  if (!list) throw invalid('Send {"artifacts": [{"debug_id", "map_hash"}]}.')
  return list
    .filter(isObject)
    .flatMap(({ debug_id, map_hash }) =>
      typeof debug_id === 'string' && typeof map_hash === 'string'
        ? [{ debugId: debug_id, mapHash: map_hash }]
        : [],
    )
}

type Form = Pick<Artifact, 'name' | 'debugId' | 'release' | 'dist' | 'url' | 'commit' | 'bundler'> & {
  map: Uint8Array
  code: Uint8Array | null
}

async function readForm(c: Context): Promise<Form> {
  const form = await c.req.formData().catch(() => {
    throw invalid('Send multipart/form-data with a file `map`.')
  })
  const textOf = (name: string): string | null => {
    const value = form.get(name)
    return typeof value === 'string' && value ? cut(value, MAX_TEXT_LENGTH) : null
  }
  const map = await gzippedFile(form.get('map'))
  if (!map) throw invalid('There is no file `map` in the form.')
  const fields = {
    debugId: textOf('debug_id')?.toLowerCase() ?? null,
    release: textOf('release'),
    dist: textOf('dist'),
    url: textOf('url'),
    commit: textOf('commit'),
    bundler: textOf('bundler'),
  }
  if (fields.debugId !== null && !DEBUG_ID.test(fields.debugId))
    throw invalid(`debug_id ${quote(fields.debugId)} is not a UUID.`)
  if (fields.debugId === null && (fields.release === null || fields.url === null))
    throw invalid('Send a debug_id, or a release and a url: nothing else would lead to the map.')
  const name = textOf('name') ?? fields.url ?? fields.debugId ?? ''
  return { ...fields, name, map, code: await gzippedFile(form.get('code')) }
}

const invalid = (message: string): HttpError => new HttpError(400, 'invalid_artifact', message)

/** A file of the form in gzip, as which it may have been sent. */
async function gzippedFile(value: File | string | null): Promise<Uint8Array | null> {
  if (value === null || typeof value === 'string') return null
  const bytes = new Uint8Array(await value.arrayBuffer())
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? bytes : compress(bytes)
}

function keysOf({ debugId, release, dist, url }: Omit<Form, 'map' | 'code'>): string[] {
  return [
    ...(debugId === null ? [] : [debugIdKey(debugId)]),
    ...(release === null || url === null ? [] : [urlKey(release, dist ?? '', url)]),
  ]
}
