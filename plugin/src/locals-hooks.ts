import { readFileSync } from 'node:fs'
import type { SourceMapInput } from '@jridgewell/trace-mapping'
import { type Locals, type LocalsResult, RUNTIME, runtimePath, withoutLocals } from './locals.ts'

// Instruments the modules of a build by any bundler but webpack and Rspack (locals-loader.ts), after everything else that is
// done to them, when they are JavaScript. Two bundlers compile what they read themselves, after all plugins: for these it is
// compiled here.

/** The parts of the bundlers' contexts that are used. */
interface HookContext {
  /** Of Rollup, Rolldown and Vite: the map from what was read to what the hook is given. */
  getCombinedSourcemap?(): object
  /** Of Vite. */
  environment?: { mode?: string }
  meta?: { rolldownVersion?: string; viteVersion?: string }
  /** Of esbuild. */
  getNativeBuildContext?(): { build: EsbuildBuild }
  warn(message: string): void
}

interface EsbuildBuild {
  initialOptions: Partial<Record<(typeof COMPILER_OPTIONS)[number], unknown>> & {
    bundle?: boolean
    plugins?: object[]
    external?: string[]
    alias?: Record<string, string>
  }
  esbuild: { transform(code: string, options: object): Promise<Compiled> }
  onResolve(options: { filter: RegExp }, resolve: () => { path: string }): void
}

interface Compiled {
  code: string
  map: unknown
}

/** What unplugin resolves it puts into a namespace, where esbuild loads nothing by itself. */
const NONE = /^$/
const ONLY_RUNTIME = /^ohnoes\/locals$/
const TYPED = /\.(?:([cm]?ts)|(tsx)|(jsx))(?:\?|$)/
/** What says how JSX and types are read. */
const COMPILER_OPTIONS = [
  'jsx',
  'jsxFactory',
  'jsxFragment',
  'jsxImportSource',
  'jsxDev',
  'tsconfigRaw',
  'target',
] as const

export function localsHooks(locals: Locals) {
  let rolldownOptions: object = {}
  return {
    name: 'ohnoes:locals',
    enforce: 'post' as const,
    resolveId: { filter: { id: ONLY_RUNTIME }, handler: () => runtimePath() },
    transformInclude: (id: string) => id === runtimePath() || locals.covers(id),
    // What an earlier process left in Rollup's cache has ids that this one knows nothing of.
    rollup: {
      shouldTransformCachedModule: ({ id, code }: { id: string; code: string }): boolean =>
        locals.covers(id) && !locals.knows(code, id),
    },
    rolldown: {
      options(input: { transform?: object }): void {
        rolldownOptions = input.transform ?? {}
      },
    },
    // For each module that a filter lets through esbuild has to wait for this thread.
    esbuild: { onResolveFilter: NONE, onLoadFilter: locals.sieveOfPaths, setup: resolveForEsbuild },
    transform: { filter: { id: locals.sieve }, handler: transform },
  }

  async function transform(this: HookContext, code: string, id: string): Promise<LocalsResult | null> {
    // While developing there are no maps to put names into, and devtools show the variables.
    if (this.environment?.mode === 'dev') return null
    try {
      const native = this.getNativeBuildContext?.()
      const compiled = native
        ? await compileForEsbuild(code, id, native.build)
        : this.meta?.rolldownVersion && !this.meta.viteVersion
          ? await compileForRolldown(code, id, rolldownOptions)
          : undefined
      if (compiled)
        return locals.transform(compiled.code, id, {
          map: compiled.map as SourceMapInput,
          isMerged: true,
          isModule: !native,
        })
      return locals.transform(code, id, {
        map: native ? undefined : combinedMap(this, code, id),
        isModule: !native,
      })
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      this.warn(withoutLocals(id, error))
      return null
    }
  }
}

/** By an alias nobody waits, but other plugins see the import before it, and patterns of what is external its path. */
function resolveForEsbuild(build: EsbuildBuild): void {
  const { bundle, plugins = [], external, alias } = build.initialOptions
  if (bundle && plugins.length === 1 && !external)
    build.initialOptions.alias = { [RUNTIME]: runtimePath(), ...alias }
  else build.onResolve({ filter: ONLY_RUNTIME }, () => ({ path: runtimePath() }))
}

/** Undefined where the code is that of the file: Rolldown makes a map for that, too, in milliseconds for each module. */
function combinedMap(context: HookContext, code: string, id: string): SourceMapInput | undefined {
  return isFile(id, code) ? undefined : (context.getCombinedSourcemap?.() as SourceMapInput | undefined)
}

function isFile(path: string, code: string): boolean {
  try {
    return readFileSync(path, 'utf8') === code
  } catch {
    return false // it is no path
  }
}

const loaderOf = (id: string): string | undefined =>
  TYPED.exec(id)?.slice(1).find(Boolean)?.replace(/^[cm]/, '')

async function compileForEsbuild(
  code: string,
  id: string,
  { initialOptions, esbuild }: EsbuildBuild,
): Promise<Compiled | undefined> {
  const loader = loaderOf(id)
  if (loader === undefined) return undefined
  const given = COMPILER_OPTIONS.filter(name => initialOptions[name] !== undefined)
  const options = Object.fromEntries(given.map(name => [name, initialOptions[name]]))
  return esbuild.transform(code, { ...options, loader, sourcemap: 'external', sourcefile: id })
}

async function compileForRolldown(code: string, id: string, options: object): Promise<Compiled | undefined> {
  const lang = loaderOf(id)
  if (lang === undefined) return undefined
  const { transformSync } = (await import('rolldown/experimental')) as {
    transformSync(id: string, code: string, options: object): Compiled & { errors: { message: string }[] }
  }
  const { errors, ...compiled } = transformSync(id, code, { ...options, lang, sourcemap: true })
  if (errors[0]) throw new SyntaxError(errors[0].message)
  return compiled
}
