import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto'

// One of the equally strong settings of OWASP's Password Storage Cheat Sheet: 32 MB, a tenth of a second.
const COST = { N: 2 ** 15, r: 8, p: 3 }
const KEY_BYTES = 32

/** `scrypt:N:r:p:salt:key`, so that a later cost does not lock out who has a hash of an earlier one. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('hex'), key.toString('hex')].join(':')
}

export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = hash.split(':')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'hex'), cost), Buffer.from(key, 'hex'))
}

const derive = (password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password.normalize(), salt, KEY_BYTES, { ...cost, maxmem: 64 * 1024 ** 2 }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
