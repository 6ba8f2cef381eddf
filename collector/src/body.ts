import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate as unzip } from 'node:zlib'
import { quote } from './cut.ts'
import type { Refusal } from './http-error.ts'

export const MAX_BODY_BYTES = 1024 * 1024
export const MAX_INFLATED_BYTES = 2 * 1024 * 1024
/** No report shrinks to less than a hundredth, unless it was made to. */
const MAX_INFLATION = 100
const MIN_INFLATED_CAP = 64 * 1024
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

  /** The inflated body of a request. */
  return async function readBody(request: Request): Promise<Body> {
    const encoding = (request.headers.get('content-encoding') ?? '').trim().toLowerCase()
    const isPlain = encoding === '' || encoding === 'identity'
    if (!isPlain && !Object.hasOwn(decoders, encoding))
      return refuse(
        400,
        'unknown_encoding',
        `Content-Encoding ${quote(encoding)} is not known: send gzip, deflate, br or plain.`,
      )
    const body = await readCapped(request)
    const decode = decoders[encoding]
    return body.ok && decode ? inflate(body.bytes, encoding, decode) : body
  }

  async function readCapped(request: Request): Promise<Body> {
    const chunks: Uint8Array[] = []
    let seenBytes = 0
    let heldBytes = 0
    const release = (): void => {
      bytesInFlight -= heldBytes
      heldBytes = 0
      chunks.length = 0
    }
    try {
      // preventCancel: a cancelled request body takes the socket, and with it our answer, along.
      for await (const chunk of request.body?.values({ preventCancel: true }) ?? []) {
        const bytes = chunk as Uint8Array // Node's request streams are byte streams
        seenBytes += bytes.byteLength
        heldBytes += bytes.byteLength
        bytesInFlight += bytes.byteLength
        if (bytesInFlight > maxBytesInFlight) return overloaded()
        if (seenBytes <= MAX_BODY_BYTES) chunks.push(bytes)
        else release()
        if (seenBytes > MAX_DISCARDED_BYTES) break
      }
      if (seenBytes > MAX_BODY_BYTES)
        return refuse(
          413,
          'too_large',
          `The body is larger than ${MAX_BODY_BYTES} bytes: send less in one envelope.`,
        )
      return { ok: true, bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) }
    } catch {
      return refuse(
        400,
        'aborted',
        `The body ended after ${seenBytes} bytes, before it was whole: send it again.`,
      )
    } finally {
      release()
    }
  }
}

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
