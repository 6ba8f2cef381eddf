import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readDebugId, stampMap } from './debug-id.ts'
import type { StampedFile } from './upload.ts'

/** Says in the map of a written file, too, which id the file has; undefined where it has none, or no map. */
export async function finishFile(folder: string, name: string): Promise<StampedFile | undefined> {
  const codePath = join(folder, name)
  const mapPath = `${codePath}.map`
  const [code, map] = await Promise.all(
    [codePath, mapPath].map(path => readFile(path, 'utf8').catch(() => undefined)),
  )
  const debugId = code === undefined ? undefined : readDebugId(code)
  if (debugId === undefined || map === undefined) return undefined
  const stamped = stampMap(map, debugId)
  if (stamped !== map) await writeFile(mapPath, stamped)
  return { name, codePath, mapPath, debugId }
}
