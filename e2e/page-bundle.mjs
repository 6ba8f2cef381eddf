// npm packages in a page: bundled for a script tag, as their users' builds do.

import { rolldown } from 'rolldown'

/**
 * The text of a script that runs a module and all that it imports.
 * @param {string} input the module's path
 * @param {string} [name] of the global that gets its exports
 */
export async function bundleForPage(input, name) {
  const build = await rolldown({
    input,
    platform: 'browser',
    transform: {
      define: {
        'process.env.NODE_ENV': '"production"',
        __VUE_OPTIONS_API__: 'true',
        __VUE_PROD_DEVTOOLS__: 'false',
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      },
    },
    logLevel: 'silent',
  })
  const { output } = await build.generate({ format: 'iife', ...(name && { name }) })
  await build.close()
  return output[0].code
}
