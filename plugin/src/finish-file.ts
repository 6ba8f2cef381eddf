import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readDebugId, stampMap } from './debug-id.ts'
import type { StampedFile } from './upload.ts'

/** What becomes of the files of a build. */
export interface Finish {
  /** What the map of this code is to have beside its id. */
  fieldsOf(code: string): Record<string, unknown>
  /** Gets what was stamped, with what built it. */
  onWritten(files: StampedFile[], bundler: string): Promise<void>
}

/** Says in the map of a written file, too, which id the file has, and what else there is to say; undefined where it has none, or no map. */
export async function finishFile(
  folder: string,
  name: string,
  fieldsOf: Finish['fieldsOf'],
): Promise<StampedFile | undefined> {
  const codePath = join(folder, name)
  const mapPath = `${codePath}.map`
  const [code, map] = await Promise.all(
    [codePath, mapPath].map(path => readFile(path, 'utf8').catch(() => undefined)),
  )
  if (code === undefined || map === undefined) return undefined
  const debugId = readDebugId(code)
  if (debugId === undefined) return undefined
  const stamped = stampMap(map, debugId, fieldsOf(code))
  if (stamped !== map) await writeFile(mapPath, stamped)
  return { name, codePath, mapPath, debugId }
}
