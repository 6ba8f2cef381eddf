import { fileURLToPath } from 'node:url'

const path = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url))

/**
 * What each begins with, which modules are its own, and by which bundler its project builds it (openapi-explorer's
 * `package.json`, `build:umd:browser`). openapi-explorer is one of the few to be had as modules.
 */
export const APPLICATIONS = {
  'demo shop': { input: path('../../demo/shop/shop.js'), own: 'demo/shop/', bundler: 'rolldown' },
  'openapi-explorer': {
    input: path('node_modules/openapi-explorer/dist/es/openapi-explorer.js'),
    own: 'openapi-explorer/dist/',
    bundler: 'webpack',
  },
}
