import { debugIdComment, debugIdOf, importedLine, placeForLine, registryLine, stampMap } from './debug-id.ts'
import { type Finish, finishFile } from './finish-file.ts'
import { type ChunkedBuild, importedScripts } from './import-scripts.ts'
import type { Table } from './table.ts'

// For webpack and Rspack, whose plugins are alike. After minification and before the maps are made, so that these are
// right by themselves, and before the names of files are made from their content (`realContentHash`).

/** Between OPTIMIZE_SIZE, where minifiers are, and DEV_TOOLING, where maps are made. */
const BEFORE_MAPS = 499
const AFTER_MAPS = 501

interface Source {
  source(): string | Buffer
}

interface AssetInfo {
  javascriptModule?: boolean
  development?: boolean
  related?: { sourceMap?: string | string[] }
}

export interface Module {
  type: string
  /** What is known of it from its build, for as long as the compiler's own cache has what came of that. */
  buildInfo?: { ohnoesLocals?: Table | undefined }
}

interface Compilation extends ChunkedBuild {
  hooks: {
    finishModules: { tap(name: string, run: (modules: Iterable<Module>) => void): void }
    processAssets: { tap(at: { name: string; stage: number }, run: () => void): void }
  }
  outputOptions: ChunkedBuild['outputOptions'] & { path?: string }
  getLogger(name: string): { warn(message: string): void }
  getAssets(): { name: string; source: Source; info: AssetInfo }[]
  updateAsset(name: string, source: unknown, info?: AssetInfo): void
}

type Alias = Record<string, unknown> | { name: string; alias: unknown; onlyModule?: boolean }[]

/** What both compilers have. */
export interface WebpackLike {
  webpack: {
    version?: string
    rspackVersion?: string
    sources: {
      ConcatSource: new (...parts: unknown[]) => unknown
      RawSource: new (text: string) => unknown
    }
    DefinePlugin: new (values: Record<string, string>) => { apply(compiler: unknown): void }
  }
  options: {
    cache?: { type?: string } | false
    module: { rules: unknown[] }
    resolve: { alias?: Alias | false }
  }
  hooks: {
    compilation: { tap(name: string, run: (compilation: Compilation) => void): void }
    afterEmit: { tapPromise(name: string, run: (compilation: Compilation) => Promise<void>): void }
  }
}

export const NAME = 'ohnoes'
// By their number: what names they get is not known yet.
const UNKNOWN_TO_WORKERS =
  'scripts that workers load by importScripts have no short and fixed address: there their maps are found by release and address only.'

export function applyToWebpack(compiler: WebpackLike, { fieldsOf, onWritten }: Finish): void {
  const { sources, version, rspackVersion } = compiler.webpack
  compiler.hooks.compilation.tap(NAME, compilation => {
    const stamped = new Map<string, string>()
    compilation.hooks.processAssets.tap({ name: NAME, stage: BEFORE_MAPS }, () => {
      const imported = importedScripts(compilation)
      let unknown = 0
      for (const { name, source, info } of compilation.getAssets()) {
        if (!/\.[cm]?js(?:\?|$)/.test(name) || info.development) continue
        const code = String(source.source())
        const id = debugIdOf(code)
        const { at, directives } = placeForLine(code)
        if (at) continue // a hashbang: nothing that a page loads
        const script = imported.get(name)
        const known = script && importedLine(id, script)
        if (script && !known) unknown++
        const line = known ?? registryLine(id, info.javascriptModule ? 'module' : 'script')
        const parts = [`${directives}${line}\n`, source, `\n${debugIdComment(id)}`]
        compilation.updateAsset(name, new sources.ConcatSource(...parts), info)
        stamped.set(name, id)
      }
      if (unknown) compilation.getLogger(NAME).warn(`${unknown} ${UNKNOWN_TO_WORKERS}`)
    })
    compilation.hooks.processAssets.tap({ name: NAME, stage: AFTER_MAPS }, () => {
      for (const { name, info } of compilation.getAssets()) {
        const id = stamped.get(name)
        for (const mapName of id === undefined ? [] : mapNamesOf(info)) {
          const map = compilation.getAssets().find(asset => asset.name === mapName)
          if (map)
            compilation.updateAsset(
              mapName,
              new sources.RawSource(stampMap(String(map.source.source()), id ?? '', {})),
            )
        }
      }
    })
  })
  compiler.hooks.afterEmit.tapPromise(NAME, async compilation => {
    const folder = compilation.outputOptions.path ?? ''
    const names = compilation.getAssets().flatMap(({ name, info }) => (mapNamesOf(info).length ? name : []))
    const files = await Promise.all(names.map(name => finishFile(folder, name, fieldsOf)))
    const stamped = files.flatMap(file => file ?? [])
    await onWritten(stamped, rspackVersion ? `rspack ${rspackVersion}` : `webpack ${version}`)
  })
}

const mapNamesOf = ({ related }: AssetInfo): string[] => [related?.sourceMap ?? []].flat()
