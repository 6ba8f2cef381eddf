import { resolve } from 'node:path'
import { quote } from './cut.ts'

// What the environment says: every variable that the collector reads is here.

export interface Config {
  port: number
  host: string
  dataDir: string
  /** How browsers reach it, without a slash at the end, where that is another address than its own. */
  publicUrl: string | undefined
  /** Of the dashboard; undefined leaves the one that is stored, or none. */
  password: string | undefined
  /** How many proxies stand before it and append to `X-Forwarded-For`. */
  trustedProxies: number
  /** The public key of the first project, which is made when there is none; a random one if undefined. */
  firstKey: string | undefined
  /** Above it the oldest events go first; Infinity for as much as the disk has. */
  maxStoreBytes: number
}

export type ReadConfig = { ok: true; config: Config } | { ok: false; message: string }

export const MIN_PASSWORD_LENGTH = 8
const MIN_STORE_BYTES = 100 * 1024 ** 2
const UNITS: Record<string, number> = { MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }

/** Reads it all, and names everything that is wrong in one message. */
export function readConfig(env: NodeJS.ProcessEnv): ReadConfig {
  const problems: string[] = []
  /** An empty variable is as good as none. */
  const read = <Value, Default>(
    name: string,
    parse: (text: string) => Value | undefined,
    { wanted, otherwise }: { wanted: string; otherwise: Default },
  ): Value | Default => {
    const text = env[name]
    if (!text) return otherwise
    const value = parse(text)
    if (value !== undefined) return value
    // A password that is too short is one still.
    const shown = name === 'OHNOES_PASSWORD' ? '' : ` ${quote(text)}`
    problems.push(`${name}${shown} is refused: ${wanted}`)
    return otherwise
  }

  const config: Config = {
    port: read('PORT', text => wholeNumber(text, 65535), {
      wanted: 'set it to a number from 0 (any free one) to 65535.',
      otherwise: 4400,
    }),
    host: read('HOST', text => text, { wanted: '', otherwise: '127.0.0.1' }),
    dataDir: resolve(env.OHNOES_DATA || 'data'),
    publicUrl: read('OHNOES_URL', readOrigin, {
      wanted: 'set it to what browsers call this collector, like https://errors.example.com, without a path.',
      otherwise: undefined,
    }),
    password: read('OHNOES_PASSWORD', text => (text.length >= MIN_PASSWORD_LENGTH ? text : undefined), {
      wanted: `give it at least ${MIN_PASSWORD_LENGTH} characters.`,
      otherwise: undefined,
    }),
    trustedProxies: read('OHNOES_TRUSTED_PROXIES', text => wholeNumber(text, 10), {
      wanted: 'set it to how many proxies stand before the collector, 0 to 10.',
      otherwise: 0,
    }),
    firstKey: read('OHNOES_KEY', text => (/^[a-z0-9]{1,64}$/.test(text) ? text : undefined), {
      wanted: 'use 1 to 64 of a to z and 0 to 9.',
      otherwise: undefined,
    }),
    maxStoreBytes: read('OHNOES_MAX_STORE', readBytes, {
      wanted: 'set it to a size of at least 100MB, like 20GB.',
      otherwise: Infinity,
    }),
  }
  return problems.length ? { ok: false, message: problems.join('\n') } : { ok: true, config }
}

/** Whether only this machine can reach what listens there. */
export const isLoopback = (host: string): boolean => /^(127(\.\d+){3}|::1|localhost)$/.test(host)

function wholeNumber(text: string, max: number): number | undefined {
  const number = Number(text)
  return /^\d+$/.test(text) && number <= max ? number : undefined
}

function readOrigin(text: string): string | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined
  const { origin, pathname, search, hash, username } = new URL(text)
  return pathname === '/' && !search && !hash && !username ? origin : undefined
}

function readBytes(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([MGT]B)$/i.exec(text) ?? []
  const bytes = Number(number) * (UNITS[unit.toUpperCase()] ?? Number.NaN)
  return bytes >= MIN_STORE_BYTES ? Math.floor(bytes) : undefined
}
