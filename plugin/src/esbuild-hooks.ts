import { readFile, writeFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { debugIdOf, type Format, stamp, stampMap } from './debug-id.ts'
import type { Finish } from './finish-file.ts'
import type { StampedFile } from './upload.ts'

// esbuild makes the names of files from their content before plugins see it, so a name is that of the content without
// the id; as the id is made from the content alone, it still changes with it and only with it.

interface OutputFile {
  path: string
  text: string
  contents: Uint8Array
}

export interface EsbuildBuild {
  initialOptions: {
    absWorkingDir?: string
    outdir?: string
    format?: string
    sourcemap?: unknown
    metafile?: boolean
    write?: boolean
    define?: Record<string, string>
  }
  esbuild: { version: string }
  onEnd(
    run: (result: {
      errors: unknown[]
      outputFiles?: OutputFile[]
      metafile?: { outputs: Record<string, unknown> }
    }) => Promise<void>,
  ): void
}

export function setUpEsbuild(build: EsbuildBuild, { fieldsOf, onWritten }: Finish): void {
  const { initialOptions, esbuild } = build
  const { absWorkingDir = process.cwd(), outdir = '.', format: wanted, sourcemap } = initialOptions
  if (!sourcemap || sourcemap === 'inline') return
  const format: Format = wanted === 'esm' ? 'module' : 'script'
  initialOptions.metafile = true
  build.onEnd(async ({ errors, outputFiles, metafile }) => {
    if (errors.length) return
    if (initialOptions.write === false) return stampInMemory(outputFiles ?? [], format, fieldsOf)
    const paths = Object.keys(metafile?.outputs ?? {}).map(path => resolve(absWorkingDir, path))
    const files: StampedFile[] = []
    for (const codePath of paths.filter(path => /\.[cm]?js$/.test(path) && paths.includes(`${path}.map`))) {
      const mapPath = `${codePath}.map`
      const [code, map] = await Promise.all([readFile(codePath, 'utf8'), readFile(mapPath, 'utf8')])
      const debugId = debugIdOf(code)
      await Promise.all([
        writeFile(codePath, stamp(code, debugId, format)),
        writeFile(mapPath, stampMap(map, debugId, fieldsOf(code), code)),
      ])
      files.push({ name: relative(resolve(absWorkingDir, outdir), codePath), codePath, mapPath, debugId })
    }
    await onWritten(files, `esbuild ${esbuild.version}`)
  })
}

/** What the caller writes itself; there is nothing on the disk to upload. */
function stampInMemory(files: OutputFile[], format: Format, fieldsOf: Finish['fieldsOf']): void {
  for (const file of files) {
    const map = files.find(({ path }) => path === `${file.path}.map`)
    if (!map || !/\.[cm]?js$/.test(file.path)) continue
    const code = file.text
    const id = debugIdOf(code)
    file.contents = Buffer.from(stamp(code, id, format))
    map.contents = Buffer.from(stampMap(map.text, id, fieldsOf(code), code))
  }
}
