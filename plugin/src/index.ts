import { createUnplugin, type UnpluginOptions } from 'unplugin'
import { type EsbuildBuild, setUpEsbuild } from './esbuild-hooks.ts'
import type { Finish } from './finish-file.ts'
import { createLocals } from './locals.ts'
import { localsHooks } from './locals-hooks.ts'
import { addLocalsLoader } from './locals-loader.ts'
import { factsOf, type OhnoesOptions, targetOf } from './options.ts'
import { rollupHooks } from './rollup-hooks.ts'
import { createPrinter, upload } from './upload.ts'
import { applyToWebpack, type WebpackLike } from './webpack-hooks.ts'

export type { LocalsOptions } from './locals.ts'
export type { OhnoesOptions } from './options.ts'

/** Where modules come by hooks of unplugin's. */
const HOOKED = ['rollup', 'rolldown', 'vite', 'esbuild']
const RELEASE = '__OHNOES_RELEASE__'

/** Debug ids in what is built, the release in the code, local variables, the maps at the collector. */
export const ohnoes = createUnplugin<OhnoesOptions | undefined, true>((options = {}, { framework }) => {
  const locals = options.locals ? createLocals(options.locals === true ? {} : options.locals) : undefined
  const { release } = factsOf(options)
  const define = { [RELEASE]: JSON.stringify(release ?? '') }
  const finish: Finish = {
    fieldsOf: code => locals?.fieldsOf(code) ?? {},
    async onWritten(files, bundler) {
      const target = options.upload === false ? undefined : targetOf(options)
      if (target)
        await upload(files, {
          ...options,
          target,
          facts: factsOf(options, bundler),
          print: createPrinter(process.stderr),
        })
    },
  }
  // `as`: the hooks name the parts of the bundlers that they use, and nothing else of their types.
  const chunkHooks = rollupHooks(define, finish) as object
  const onCompiler = (compiler: unknown): void => {
    const webpackLike = compiler as WebpackLike
    new webpackLike.webpack.DefinePlugin(define).apply(compiler)
    applyToWebpack(webpackLike, finish)
    if (locals) addLocalsLoader(webpackLike, locals)
  }
  const main: UnpluginOptions = {
    name: 'ohnoes',
    rollup: chunkHooks,
    rolldown: chunkHooks,
    vite: { ...chunkHooks, config: () => ({ define }) },
    webpack: onCompiler,
    rspack: onCompiler,
    esbuild: {
      setup(build) {
        build.initialOptions.define = { ...define, ...build.initialOptions.define }
        setUpEsbuild(build as unknown as EsbuildBuild, finish)
      },
    },
  }
  if (!locals || !HOOKED.includes(framework)) return [main]
  // `as`: unplugin's contexts have what the hook uses, under names of the bundlers.
  return [main, localsHooks(locals) as UnpluginOptions]
})
