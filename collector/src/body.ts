import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate as unzip } from 'node:zlib'
import { quote } from './cut.ts'
import type { Refusal } from './http-error.ts'

export const MAX_BODY_BYTES = 1024 * 1024
export const MAX_INFLATED_BYTES = 2 * 1024 * 1024
/** Past a megabyte no report shrinks to less than a hundredth, unless it was made to. */
const MAX_INFLATION = 100
const MIN_INFLATED_CAP = 1024 * 1024
const RETRY_AFTER_S = 5
// A client reads our answer only once it has sent its body, so the rest of a body that is too large is read
// and thrown away, up to this much; past it the connection is closed on it.
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024

type Decode = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>

const decoders: Record<string, Decode> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(unzip),
  br: promisify(brotliDecompress),
}

export type Body = { ok: true; bytes: Uint8Array } | Refusal

/** Reads bodies: the caps hold while one is read, so that no more is ever in memory, of one and of all together. */
export function createBodyReader({ maxBytesInFlight }: { maxBytesInFlight: number }) {
  let bytesInFlight = 0

  /** The inflated body of a request; `encoding` is what it says of it. */
  return async function readBody(source: Readable, encoding: string | undefined): Promise<Body> {
    const name = (encoding ?? '').trim().toLowerCase()
    const isPlain = name === '' || name === 'identity'
    if (!isPlain && !Object.hasOwn(decoders, name))
      return refuse(
        400,
        'unknown_encoding',
        `Content-Encoding ${quote(name)} is not known: send gzip, deflate, br or plain.`,
      )
    const body = await readCapped(source)
    const decode = decoders[name]
    return body.ok && decode ? inflate(body.bytes, name, decode) : body
  }

  function readCapped(source: Readable): Promise<Body> {
    return new Promise(resolve => {
      const chunks: Buffer[] = []
      let seenBytes = 0
      let heldBytes = 0
      const release = (): void => {
        bytesInFlight -= heldBytes
        heldBytes = 0
        chunks.length = 0
      }
      const finish = (body: Body): void => {
        source.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort)
        // What is left of it is read and thrown away.
        source.on('error', () => {}).resume()
        release()
        resolve(body)
      }
      const onData = (chunk: Buffer): void => {
        seenBytes += chunk.byteLength
        heldBytes += chunk.byteLength
        bytesInFlight += chunk.byteLength
        if (bytesInFlight > maxBytesInFlight) return finish(overloaded())
        if (seenBytes <= MAX_BODY_BYTES) chunks.push(chunk)
        else release()
        if (seenBytes > MAX_DISCARDED_BYTES) finish(tooLarge())
      }
      const onEnd = (): void => {
        if (seenBytes > MAX_BODY_BYTES) return finish(tooLarge())
        finish({ ok: true, bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) })
      }
      const onAbort = (): void =>
        finish(
          refuse(
            400,
            'aborted',
            `The body ended after ${seenBytes} bytes, before it was whole: send it again.`,
          ),
        )
      source.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort)
    })
  }
}

const tooLarge = (): Body =>
  refuse(413, 'too_large', `The body is larger than ${MAX_BODY_BYTES} bytes: send less in one envelope.`)

async function inflate(bytes: Uint8Array, encoding: string, decode: Decode): Promise<Body> {
  const maxOutputLength = Math.min(
    MAX_INFLATED_BYTES,
    Math.max(MIN_INFLATED_CAP, bytes.byteLength * MAX_INFLATION),
  )
  try {
    return { ok: true, bytes: await decode(bytes, { maxOutputLength }) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ERR_BUFFER_TOO_LARGE')
      return refuse(
        413,
        'too_large',
        `The body inflates to more than ${maxOutputLength} bytes: send less in one envelope.`,
      )
    return refuse(
      400,
      'broken_encoding',
      `The body is not valid ${encoding} (${code || 'unreadable'}): send what Content-Encoding says.`,
    )
  }
}

const refuse = (status: 400 | 413, code: string, message: string): Refusal => ({
  ok: false,
  status,
  code,
  message,
})

const overloaded = (): Refusal => ({
  ok: false,
  status: 503,
  code: 'overloaded',
  message: `Too much is being sent at once: send it again in ${RETRY_AFTER_S} seconds.`,
  headers: { 'retry-after': String(RETRY_AFTER_S) },
})
