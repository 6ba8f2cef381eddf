/**
 * Runs webpack, or Rspack, which takes the same; resolves with how many modules it did not take from its cache, rejects
 * with what it says of a build that failed.
 * @param {(config: any, done: (error: Error | null, stats: any) => void) => unknown} webpack
 * @param {object} config
 * @returns {Promise<number>}
 */
export const runWebpack = (webpack, config) =>
  new Promise((resolve, reject) =>
    webpack(config, (error, stats) => {
      if (error ?? stats.hasErrors()) reject(error ?? new Error(stats.toString('errors-only')))
      else resolve(stats.toJson({ all: false, modules: true }).modules.filter(({ built }) => built).length)
    }),
  )
