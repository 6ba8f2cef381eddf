import { fileURLToPath } from 'node:url'
import type { SourceMapInput } from '@jridgewell/trace-mapping'
import { type Locals, RUNTIME, runtimePath, withoutLocals } from './locals.ts'
import { type Module, NAME, type WebpackLike } from './webpack-hooks.ts'

// Instruments the modules of webpack and Rspack, as the last of their loaders. Which modules these are and where the
// runtime lies is said in their configuration, which Rspack reads natively: a hook would be called for every import.

/** The parts of a loader's context that are used. */
interface LoaderContext {
  resourcePath: string
  resourceQuery: string
  loaders: { path: string }[]
  loaderIndex: number
  _module?: Module
  getOptions(): { locals: Locals; outlives: boolean }
  async(): (error: Error | null, content?: string | Buffer, map?: SourceMapInput) => void
  emitWarning(warning: Error): void
}

/** In front of the other rules and aliases, since loaders run from the last to the first and the first alias counts. */
export function addLocalsLoader({ options, hooks }: WebpackLike, locals: Locals): void {
  const { include, exclude } = locals.sieve
  const loader = fileURLToPath(import.meta.url)
  // A later process takes modules out of such a cache, and calls no loader for them.
  const outlives = !!options.cache && options.cache.type !== 'memory'
  options.module.rules.unshift({
    test: include,
    exclude,
    enforce: 'post',
    use: [{ loader, ident: NAME, options: { locals, outlives } }],
  })
  const { resolve } = options
  const runtime = { name: RUNTIME, alias: runtimePath(), onlyModule: true }
  resolve.alias = Array.isArray(resolve.alias)
    ? [runtime, ...resolve.alias]
    : { [`${RUNTIME}$`]: runtime.alias, ...resolve.alias }
  if (outlives)
    hooks.compilation.tap(NAME, compilation =>
      compilation.hooks.finishModules.tap(NAME, modules => {
        for (const { buildInfo } of modules) locals.add(buildInfo?.ohnoesLocals)
      }),
    )
}

/** What is no text is handed on as it is: an expression in `include` may match images, too. */
export const raw = true

/** The loader. */
export default async function instrumentModule(
  this: LoaderContext,
  content: Buffer,
  map?: SourceMapInput,
): Promise<void> {
  const done = this.async()
  // vue-loader has the post loaders in the requests for the parts of a file, which get them once more.
  const own = this.loaders[this.loaderIndex]?.path
  const isLast = this.loaders.findIndex(({ path }) => path === own) === this.loaderIndex
  if (!isLast || !this._module?.type.startsWith('javascript/')) return done(null, content, map)
  const id = this.resourcePath + this.resourceQuery
  try {
    const { locals, outlives } = this.getOptions()
    const result = await locals.transform(String(content), id, { map, isMerged: true })
    if (!result) return done(null, content, map)
    if (outlives && this._module.buildInfo)
      this._module.buildInfo.ohnoesLocals = locals.fieldsOf(result.code).x_ohnoes_locals
    done(null, result.code, result.map)
  } catch (error) {
    if (!(error instanceof SyntaxError)) return done(error as Error)
    this.emitWarning(new Error(withoutLocals(id, error)))
    done(null, content, map)
  }
}
