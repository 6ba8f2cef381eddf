import { PassThrough, Readable } from 'node:stream'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createBodyReader, MAX_BODY_BYTES } from '../src/body.ts'

const readBody = createBodyReader({ maxBytesInFlight: 8 * 1024 * 1024 })
const sourceOf = (body: Uint8Array | string): Readable => Readable.from([Buffer.from(body)])
const lengthOf = async (body: Uint8Array, encoding: string) => {
  const read = await readBody(sourceOf(body), encoding)
  return read.ok ? read.bytes.byteLength : read.code
}

test.each([
  ['gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('%s is inflated up to a megabyte, or a hundred times its size', async (encoding, compress) => {
  expect(await lengthOf(compress('x'.repeat(1_000_000)), encoding)).toBe(1_000_000)
  // Zeros shrink to a thousandth and less.
  expect(await lengthOf(compress(Buffer.alloc(1_500_000)), encoding)).toBe('too_large')
})

test('noise is taken whole, as it does not shrink', async () => {
  const noise = Buffer.from(Array.from({ length: 600_000 }, (_, n) => (n * n * 7919) >> 7))
  expect(await lengthOf(gzipSync(noise), 'gzip')).toBe(600_000)
})

test('all bodies together hold no more than so much, and let go of it', async () => {
  const read = createBodyReader({ maxBytesInFlight: 100 })
  const slow = new PassThrough()
  slow.write(Buffer.alloc(80))
  const reading = read(slow, undefined)
  // One that fits in beside it is read, so the slow one holds its 80 bytes by then.
  expect(await read(sourceOf('x'.repeat(20)), undefined)).toMatchObject({ ok: true })
  expect(await read(sourceOf('x'.repeat(21)), undefined)).toMatchObject({
    ok: false,
    status: 503,
    headers: { 'retry-after': '5' },
  })
  slow.end()
  expect(await reading).toMatchObject({ ok: true })
  expect(await read(sourceOf('x'.repeat(100)), undefined)).toMatchObject({ ok: true })
})

test('a body that is too large is read over without being held', async () => {
  const read = createBodyReader({ maxBytesInFlight: 2 * MAX_BODY_BYTES })
  const bodies = Array.from({ length: 5 }, () =>
    read(sourceOf(new Uint8Array(MAX_BODY_BYTES + 1)), undefined),
  )
  const codes = (await Promise.all(bodies)).map(body => (body.ok ? 'ok' : body.code))
  expect(codes).toContain('too_large')
  expect(await read(sourceOf(new Uint8Array(MAX_BODY_BYTES)), undefined)).toMatchObject({ ok: true })
})

test('a body that breaks off is refused, and holds nothing', async () => {
  const read = createBodyReader({ maxBytesInFlight: 100 })
  const broken = new PassThrough()
  broken.write(Buffer.alloc(90))
  const reading = read(broken, 'gzip')
  broken.destroy()
  expect(await reading).toMatchObject({ ok: false, code: 'aborted' })
  expect(await read(sourceOf('x'.repeat(100)), undefined)).toMatchObject({ ok: true })
})
