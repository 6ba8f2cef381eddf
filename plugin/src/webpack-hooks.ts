import { debugIdComment, debugIdOf, placeForLine, registryLine, stampMap } from './debug-id.ts'
import { finishFile } from './finish-file.ts'
import type { StampedFile } from './upload.ts'

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

interface Compilation {
  hooks: { processAssets: { tap(at: { name: string; stage: number }, run: () => void): void } }
  outputOptions: { path?: string }
  getAssets(): { name: string; source: Source; info: AssetInfo }[]
  updateAsset(name: string, source: unknown, info?: AssetInfo): void
}

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
  hooks: {
    compilation: { tap(name: string, run: (compilation: Compilation) => void): void }
    afterEmit: { tapPromise(name: string, run: (compilation: Compilation) => Promise<void>): void }
  }
}

const NAME = 'ohnoes'

/** `onWritten` gets what was stamped, with what built it. */
export function applyToWebpack(
  compiler: WebpackLike,
  onWritten: (files: StampedFile[], bundler: string) => Promise<void>,
): void {
  const { sources, version, rspackVersion } = compiler.webpack
  compiler.hooks.compilation.tap(NAME, compilation => {
    const stamped = new Map<string, string>()
    compilation.hooks.processAssets.tap({ name: NAME, stage: BEFORE_MAPS }, () => {
      for (const { name, source, info } of compilation.getAssets()) {
        if (!/\.[cm]?js(?:\?|$)/.test(name) || info.development) continue
        const code = String(source.source())
        const id = debugIdOf(code)
        const { at, directives } = placeForLine(code)
        if (at) continue // a hashbang: nothing that a page loads
        const line = `${directives}${registryLine(id, info.javascriptModule ? 'module' : 'script')}\n`
        compilation.updateAsset(name, new sources.ConcatSource(line, source, `\n${debugIdComment(id)}`), info)
        stamped.set(name, id)
      }
    })
    compilation.hooks.processAssets.tap({ name: NAME, stage: AFTER_MAPS }, () => {
      for (const { name, info } of compilation.getAssets()) {
        const id = stamped.get(name)
        for (const mapName of id === undefined ? [] : mapNamesOf(info)) {
          const map = compilation.getAssets().find(asset => asset.name === mapName)
          if (map)
            compilation.updateAsset(
              mapName,
              new sources.RawSource(stampMap(String(map.source.source()), id ?? '')),
            )
        }
      }
    })
  })
  compiler.hooks.afterEmit.tapPromise(NAME, async compilation => {
    const folder = compilation.outputOptions.path ?? ''
    const names = compilation.getAssets().flatMap(({ name, info }) => (mapNamesOf(info).length ? name : []))
    const files = await Promise.all(names.map(name => finishFile(folder, name)))
    const stamped = files.flatMap(file => file ?? [])
    await onWritten(stamped, rspackVersion ? `rspack ${rspackVersion}` : `webpack ${version}`)
  })
}

const mapNamesOf = ({ related }: AssetInfo): string[] => [related?.sourceMap ?? []].flat()
