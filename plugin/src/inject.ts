import { writeFile } from 'node:fs/promises'
import { type BuiltFile, builtFiles, createFormatOf } from './built-files.ts'
import { debugIdOf, readDebugId, stamp, stampMap } from './debug-id.ts'
import { redoHashes, type RedoneHash } from './integrity.ts'

export interface Injected {
  stamped: string[]
  /** Files that have their id already, and files without a map. */
  stampedBefore: string[]
  withoutMap: string[]
  redone: RedoneHash[]
}

/** Gives the scripts of a finished build their ids, in place; done twice it changes nothing. */
export async function inject(folder: string): Promise<Injected> {
  const files = await builtFiles(folder)
  const formatOf = await createFormatOf(folder, files)
  const open = files.filter(({ code, map }) => map !== undefined && readDebugId(code) === undefined)
  for (const file of open) await stampFile(file, stamp(file.code, debugIdOf(file.code), formatOf(file)))
  const names = (chosen: BuiltFile[]): string[] => chosen.map(({ name }) => name)
  return {
    stamped: names(open),
    stampedBefore: names(files.filter(({ code }) => readDebugId(code) !== undefined)),
    withoutMap: names(files.filter(({ map }) => map === undefined)),
    redone: await redoHashes(folder, new Map(open.map(({ name, code }) => [name, code]))),
  }
}

async function stampFile({ codePath, code, mapPath, map }: BuiltFile, stamped: string): Promise<void> {
  await writeFile(codePath, stamped)
  // `createFormatOf` and the filter above have seen both.
  if (mapPath !== undefined && map !== undefined)
    await writeFile(mapPath, stampMap(map, debugIdOf(code), {}, code))
}

/** What is wrong with the ids of a build; nothing when all is well. */
export async function problemsOf(folder: string): Promise<string[]> {
  const files = await builtFiles(folder)
  const withMap = files.filter(({ map }) => map !== undefined)
  if (!withMap.length) return [`there is no script with a map in ${folder}`]
  return withMap.flatMap(({ name, code, map }) => {
    const id = readDebugId(code)
    if (id === undefined) return [`${name} has no debug id: run ohnoes-plugin inject`]
    const { debugId } = JSON.parse(map ?? '{}') as { debugId?: unknown }
    if (debugId !== id) return [`${name} says ${id}, and its map ${String(debugId ?? 'nothing')}`]
    return code.split(id).length > 2 ? [] : [`${name} does not register its debug id ${id} when it runs`]
  })
}
