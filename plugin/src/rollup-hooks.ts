import { join } from 'node:path'
import MagicString from 'magic-string'
import { addComment, debugIdOf, placeForLine, registryLine } from './debug-id.ts'
import { finishFile } from './finish-file.ts'
import type { StampedFile } from './upload.ts'

// For Rollup, Rolldown and Vite. The line goes in before the names of files are made from their content; the comment,
// which minifiers take out, once more at the end.

interface OutputOptions {
  dir?: string | undefined
  file?: string | undefined
  format: string
  sourcemap: boolean | 'inline' | 'hidden'
}

interface Chunk {
  type: 'chunk' | 'asset'
  fileName: string
  code?: string
}

type Bundle = Record<string, Chunk>

/** The part of the bundlers' contexts that is used. */
interface HookContext {
  warn(message: string): void
  meta: { rollupVersion?: string; rolldownVersion?: string; viteVersion?: string }
}

const LINE =
  /_ohnoesDebugIds\b[^]{0,200}?"([\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12})"|_ohnoesDebugIds\b[^]{0,200}?[`']([\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12})[`']/

/** Rolldown says in comments where modules lie, which depends on the machine; minifiers take them out. */
const REGION = /^\/\/#(?:end)?region\b.*$/gm

export interface RollupOptions {
  /** What to put in the place of free names. */
  define: Record<string, string>
  /** Gets what was stamped, with what built it. */
  onWritten: (files: StampedFile[], bundler: string) => Promise<void>
}

export function rollupHooks({ define, onWritten }: RollupOptions) {
  return {
    renderChunk: {
      order: 'post' as const,
      handler(this: HookContext, code: string, _chunk: unknown, { format, sourcemap }: OutputOptions) {
        if (!sourcemap || sourcemap === 'inline') {
          this.warn('ohnoes: no debug ids without maps of their own: set sourcemap to true or "hidden".')
          return null
        }
        // What built it counts, as some bundlers minify after this.
        const id = debugIdOf(`${bundlerOf(this)}\n${code.replace(REGION, '')}`)
        const { at, directives } = placeForLine(code)
        const isModule = ['es', 'esm', 'module'].includes(format)
        const text = new MagicString(code)
        for (const [name, value] of Object.entries(define)) text.replaceAll(name, value)
        text.appendRight(at, `${directives}${registryLine(id, isModule ? 'module' : 'script')}\n`)
        return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) }
      },
    },
    generateBundle: {
      order: 'post' as const,
      handler(_options: OutputOptions, bundle: Bundle) {
        for (const chunk of Object.values(bundle)) {
          const id = chunk.code === undefined ? undefined : lineIdOf(chunk.code)
          if (id !== undefined) chunk.code = addComment(chunk.code ?? '', id)
        }
      },
    },
    writeBundle: {
      sequential: true,
      order: 'post' as const,
      async handler(this: HookContext, { dir, file }: OutputOptions, bundle: Bundle) {
        const folder = dir ?? join(file ?? '', '..')
        // Among the assets, too: what Vite builds for a worker is one.
        const names = Object.keys(bundle).filter(name => /\.[cm]?js$/.test(name))
        const files = await Promise.all(names.map(name => finishFile(folder, name)))
        await onWritten(
          files.flatMap(one => one ?? []),
          bundlerOf(this),
        )
      },
    },
  }
}

/** The id in the registry line, as a minifier may have left it. */
function lineIdOf(code: string): string | undefined {
  const found = LINE.exec(code)
  return found?.[1] ?? found?.[2]
}

function bundlerOf({ meta }: HookContext): string {
  if (meta.viteVersion) return `vite ${meta.viteVersion}`
  return meta.rolldownVersion ? `rolldown ${meta.rolldownVersion}` : `rollup ${meta.rollupVersion}`
}
