import { join } from 'node:path'
import MagicString from 'magic-string'
import { addComment, debugIdOf, placeForLine, registryLine } from './debug-id.ts'
import { type Finish, finishFile } from './finish-file.ts'

// For Rollup, Rolldown and Vite. What all of them write in front of a module costs nothing; a map of all that it moves, made
// here, took as long as the rest of a large build. The id is put in when the code is finished, for a placeholder of its
// length: the names of files, which are made from their content before, still change with it and only with it.

interface OutputOptions {
  dir?: string | undefined
  file?: string | undefined
  format?: string
  sourcemap?: boolean | 'inline' | 'hidden'
  intro?: string | ((chunk: object) => string | Promise<string>)
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

const PLACEHOLDER = '00000000-0000-4000-8000-000000000000'

/** Rolldown says in comments where modules lie, which depends on the machine; minifiers take them out. */
const PATH_COMMENT = /^\/\/(?: |#region )\S+$/gm

/** `define` is what to put in the place of free names. */
export function rollupHooks(define: Record<string, string>, { fieldsOf, onWritten }: Finish) {
  return {
    outputOptions(this: HookContext, options: OutputOptions) {
      const { format, intro = '' } = options
      if (!hasMaps(options)) {
        this.warn('ohnoes: no debug ids without maps of their own: set sourcemap to true or "hidden".')
        return null
      }
      if (!isModule(format)) return null
      const line = registryLine(PLACEHOLDER, 'module')
      return {
        ...options,
        intro: async (chunk: object) =>
          `${line}\n${typeof intro === 'function' ? await intro(chunk) : intro}`,
      }
    },
    renderChunk: {
      order: 'post' as const,
      handler(code: string, _chunk: unknown, options: OutputOptions) {
        const text = new MagicString(code)
        for (const [name, value] of Object.entries(define)) text.replaceAll(name, value)
        if (hasMaps(options) && !isModule(options.format)) {
          // Before what the format wraps around the code, where a script still knows its address.
          const { at, directives } = placeForLine(code)
          text.appendRight(at, `${directives}${registryLine(PLACEHOLDER, 'script')}\n`)
        }
        return text.hasChanged()
          ? { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) }
          : null
      },
    },
    generateBundle: {
      order: 'post' as const,
      handler(_options: OutputOptions, bundle: Bundle) {
        for (const chunk of Object.values(bundle)) {
          if (!chunk.code?.includes(PLACEHOLDER)) continue
          const id = debugIdOf(chunk.code.replace(PATH_COMMENT, ''))
          chunk.code = addComment(chunk.code.replace(PLACEHOLDER, id), id)
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
        const files = await Promise.all(names.map(name => finishFile(folder, name, fieldsOf)))
        await onWritten(
          files.flatMap(one => one ?? []),
          bundlerOf(this),
        )
      },
    },
  }
}

const hasMaps = ({ sourcemap }: OutputOptions): boolean => !!sourcemap && sourcemap !== 'inline'
const isModule = (format = 'es'): boolean => ['es', 'esm', 'module'].includes(format)

function bundlerOf({ meta }: HookContext): string {
  if (meta.viteVersion) return `vite ${meta.viteVersion}`
  return meta.rolldownVersion ? `rolldown ${meta.rolldownVersion}` : `rollup ${meta.rollupVersion}`
}
