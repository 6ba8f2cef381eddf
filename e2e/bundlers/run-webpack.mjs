/**
 * Runs webpack, or Rspack, which takes the same; rejects with what it says of a build that failed.
 * @param {(config: any, done: (error: Error | null, stats: any) => void) => unknown} webpack
 * @param {object} config
 * @returns {Promise<void>}
 */
export const runWebpack = (webpack, config) =>
  new Promise((resolve, reject) =>
    webpack(config, (error, stats) => {
      if (error ?? stats.hasErrors()) reject(error ?? new Error(stats.toString('errors-only')))
      else resolve()
    }),
  )
