import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { namesIn } from './built-files.ts'

const HASHES = [
  ...(['sha256', 'sha384', 'sha512'] as const).map(algorithm => ({ algorithm, encoding: 'base64' as const })),
  // The manifests of service workers have them so: Angular's `ngsw.json` the second, Workbox the third.
  ...(['sha256', 'sha1', 'md5'] as const).map(algorithm => ({ algorithm, encoding: 'hex' as const })),
]
const TEXT = /\.(?:html?|json|webmanifest|[cm]?js|txt)$/
/** A script that holds another's hash changes its own: from one to the next no further than that. */
const MAX_ROUNDS = 10

export interface RedoneHash {
  /** Of which file. */
  of: string
  /** Where it is written. */
  in: string
}

/** Replaces the hashes (as in `integrity` attributes and lists of what to cache) of files that have changed, wherever the build has them. */
export async function redoHashes(folder: string, before: Map<string, string>): Promise<RedoneHash[]> {
  const names = (await namesIn(folder)).filter(name => TEXT.test(name))
  const redone: RedoneHash[] = []
  let changed = before
  for (let round = 0; changed.size && round < MAX_ROUNDS; round++) {
    const hashes = await newHashes(folder, changed)
    changed = new Map()
    for (const name of names) {
      const text = await readFile(join(folder, name), 'utf8')
      const found = hashes.filter(({ old }) => text.includes(old))
      if (!found.length) continue
      await writeFile(
        join(folder, name),
        found.reduce((sum, { old, now }) => sum.replaceAll(old, now), text),
      )
      changed.set(name, text)
      redone.push(...found.map(({ of }) => ({ of, in: name })))
    }
  }
  return redone
}

async function newHashes(
  folder: string,
  before: Map<string, string>,
): Promise<{ of: string; old: string; now: string }[]> {
  const hashes = [...before].map(async ([name, old]) => {
    const now = await readFile(join(folder, name))
    return HASHES.map(hash => ({ of: name, old: hashOf(hash, old), now: hashOf(hash, now) }))
  })
  return (await Promise.all(hashes)).flat().filter(({ old, now }) => old !== now)
}

const hashOf = ({ algorithm, encoding }: (typeof HASHES)[number], content: string | Buffer): string =>
  createHash(algorithm).update(content).digest(encoding)
