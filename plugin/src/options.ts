import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { LocalsOptions } from './locals.ts'

export interface OhnoesOptions {
  /** Of the project, as the page has it: where the collector is, and which project. Or `OHNOES_DSN`. */
  dsn?: string
  /** For uploads, or a file with it in `tokenFile`; or `OHNOES_TOKEN`. It is never printed. */
  token?: string
  tokenFile?: string
  /** Replaces `__OHNOES_RELEASE__` in the code and goes with the maps. `OHNOES_RELEASE`, else the git commit. */
  release?: string
  dist?: string
  /** Whether to upload the maps; by default when there is a token. */
  upload?: boolean
  /** Whether the build fails when the upload does. */
  failOnError?: boolean
  /** Whether the maps are deleted from the output once they are uploaded. */
  deleteMaps?: boolean
  /** Says what would be uploaded and deleted, and does neither. */
  dryRun?: boolean
  /** Whether errors bring the local variables of the functions they leave; docs/locals.md has what it takes. */
  locals?: boolean | LocalsOptions
}

/** What a build says of itself with its maps. */
export interface BuildFacts {
  release: string | undefined
  dist: string | undefined
  commit: string | undefined
  bundler: string | undefined
}

/** Where maps are uploaded to. */
export interface Target {
  /** `https://errors.example/api/1/artifacts` */
  url: string
  token: string
}

export function factsOf({ release, dist }: OhnoesOptions, bundler?: string): BuildFacts {
  const commit = commitOf()
  return { release: release ?? (process.env.OHNOES_RELEASE || commit?.slice(0, 12)), dist, commit, bundler }
}

/** Undefined where there is no token; throws where the rest of what an upload needs is not there. */
export function targetOf(options: OhnoesOptions): Target | undefined {
  const token = tokenOf(options)
  const dsn = options.dsn ?? process.env.OHNOES_DSN
  if (token === undefined) {
    if (options.upload) throw new Error('ohnoes: there is no token for the upload: set OHNOES_TOKEN.')
    return undefined
  }
  if (dsn === undefined)
    throw new Error('ohnoes: the upload needs the DSN of the project: set the option dsn, or OHNOES_DSN.')
  if (!URL.canParse(dsn)) throw new Error(`ohnoes: ${JSON.stringify(dsn)} is not a DSN.`)
  const { protocol, host, pathname } = new URL(dsn)
  const project = pathname.split('/').at(-1)
  const path = pathname.slice(0, pathname.lastIndexOf('/'))
  return { url: `${protocol}//${host}${path}/api/${project}/artifacts`, token }
}

function tokenOf({ token, tokenFile }: OhnoesOptions): string | undefined {
  if (tokenFile !== undefined) return readFileSync(tokenFile, 'utf8').trim()
  return token ?? (process.env.OHNOES_TOKEN || undefined)
}

function commitOf(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return undefined // no repository, or no git
  }
}
