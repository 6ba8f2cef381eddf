import { expect, test } from 'vitest'
import { moduleOf } from '../src/module-name.ts'

test.each([
  ['https://shop.example/assets/cart-B8kd93Za.js?v=2#x', '/assets/cart'],
  ['https://cdn.example/assets/cart-DxKqLmPz.mjs', '/assets/cart'],
  ['https://cdn.example/assets/cart-x_-9aB1c.js', '/assets/cart'],
  ['/assets/cart.4f3a9c21.chunk.js', '/assets/cart'],
  ['/assets/cart.min.js', '/assets/cart'],
  ['/static/js/main.4f3a9c21b7d0e8a94f3a.js', '/static/js/main'],
  ['/static/js/vendor-4f3a9c2.js', '/static/js/vendor'],
  ['/_next/static/Xb3k9_aQ-77zz/_buildManifest.js', '/_next/static/<build>/_buildManifest'],
  ['/_next/static/chunks/pages/cart-0a1b2c3d4e5f6789.js', '/_next/static/chunks/pages/cart'],
  ['/_nuxt/DxKq9mPz.js', '/_nuxt/<hash>'],
  ['/builds/4f3a9c21b7d0/app.js', '/builds/<hash>/app'],
  ['/orders/4711', '/orders/<n>'],
  ['/orders/4f3a9c21-0000-4000-8000-0a1b2c3d4e5f', '/orders/<hash>'],
  ['webpack:///./src/cart.ts', '/src/cart'],
  ['webpack://shop/./src/cart.ts', '/src/cart'],
  ['webpack-internal:///(app-pages-browser)/./src/cart.tsx', '/src/cart'],
  ['app:///src/cart.vue', '/src/cart'],
  ['file:///C:/shop/cart.js', '/C:/shop/cart'],
  ['C:\\shop\\cart.js', '/shop/cart'],
  ['blob:https://shop.example/4f3a9c21-0000-4000-8000-0a1b2c3d4e5f', '/<hash>'],
  ['', ''],
])('%s is the module %s', (url, module) => {
  expect(moduleOf(url)).toBe(module)
})

test.each([
  'cart-checkout',
  'page-UserCard',
  'my-component',
  'api.v2',
  'user-profile2',
  'checkout',
  'facade',
])('the words of %s are no hash', name => {
  expect(moduleOf(`/src/${name}.js`)).toBe(`/src/${name}`)
})
