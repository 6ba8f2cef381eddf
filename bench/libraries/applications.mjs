import { fileURLToPath } from 'node:url'

const path = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url))

/** What each begins with, and which modules are its own. openapi-explorer is one of the few to be had as modules. */
export const APPLICATIONS = {
  'demo shop': { input: path('../../demo/shop/shop.js'), own: 'demo/shop/' },
  'openapi-explorer': {
    input: path('node_modules/openapi-explorer/dist/es/openapi-explorer.js'),
    own: 'openapi-explorer/dist/',
  },
}
