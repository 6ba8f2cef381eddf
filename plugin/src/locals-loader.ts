import { fileURLToPath } from 'node:url'
import type { SourceMapInput } from '@jridgewell/trace-mapping'
import { type Locals, runtimePath, withoutLocals } from './locals.ts'
import type { Module, WebpackLike } from './webpack-hooks.ts'

// Instruments the modules of webpack and Rspack, as the last of their loaders. Which modules these are and where the
// runtime lies is said in their configuration, which Rspack reads natively: a hook would be called for every import.

/** The parts of a loader's context that are used. */
interface LoaderContext {
  resource: string
  _module?: Module
  getOptions(): { locals: Locals }
  async(): (error: Error | null, code?: string, map?: SourceMapInput) => void
  emitWarning(warning: Error): void
}

export function addLocalsLoader({ options, hooks }: WebpackLike, locals: Locals): void {
  const { include, exclude } = locals.sieve
  const loader = fileURLToPath(import.meta.url)
  options.module.rules.push({
    test: include,
    exclude,
    enforce: 'post',
    use: [{ loader, options: { locals } }],
  })
  const { resolve } = options
  const runtime = { name: 'ohnoes/locals', alias: runtimePath(), onlyModule: true }
  resolve.alias = Array.isArray(resolve.alias)
    ? [runtime, ...resolve.alias]
    : { ...resolve.alias, [`${runtime.name}$`]: runtime.alias }
  // Of modules that come out of it no loader is called.
  if (options.cache)
    hooks.compilation.tap('ohnoes', compilation =>
      compilation.hooks.finishModules.tap('ohnoes', modules => {
        for (const { buildInfo } of modules) locals.add(buildInfo?.ohnoesLocals)
      }),
    )
}

/** The loader. */
export default async function instrumentModule(
  this: LoaderContext,
  code: string,
  map?: SourceMapInput,
): Promise<void> {
  const done = this.async()
  try {
    const { locals } = this.getOptions()
    const result = await locals.transform(code, this.resource, { map, isMerged: true })
    if (result && this._module?.buildInfo)
      this._module.buildInfo.ohnoesLocals = locals.fieldsOf(result.code).x_ohnoes_locals
    done(null, result?.code ?? code, result?.map ?? map)
  } catch (error) {
    if (!(error instanceof SyntaxError)) return done(error as Error)
    this.emitWarning(new Error(withoutLocals(this.resource, error)))
    done(null, code, map)
  }
}
