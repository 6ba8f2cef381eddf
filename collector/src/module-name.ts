import { remembered } from './remembered.ts'

// What a file is called in every build and on every host: `https://cdn.example/assets/cart-B8kd93Za.js?v=2` and
// `/assets/cart.4f3a9c21.chunk.js` are both `/assets/cart`.

const SCHEME_AND_HOST = /^(?:blob:)?[a-z][a-z0-9+.-]*:\/\/[^/]*/i
// webpack-internal:///(app-pages-browser)/./src/a.ts, webpack:///./src/a.ts, ./src/a.ts, C:\src\a.ts
const ROOT = /^(?:\/\([\w-]+\))?\/?\.\/|^[a-z]:\//i
const EXTENSION = /\.(?:min|chunk|bundle|prod|[cm]?[jt]sx?|vue|svelte|astro|html?|php|aspx?|py|wasm)$/i
const MAX_EXTENSIONS = 3
const MAX_LENGTH = 500
const NEXT_BUILD = /(\/_next\/static\/)(?!(?:chunks|css|media)\/)[^/]+(?=\/)/
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const HEX_HASH = /^(?=\D*\d)[0-9a-f]{7,40}$/i
const SHORT_HASH_LENGTH = 8 // base64url: Vite, Rollup, Rolldown

/** The path of a file without host, query, extension and build hashes. */
export const moduleOf = remembered((url): string => {
  const end = url.search(/[?#]/)
  const path = url
    .slice(0, end < 0 ? MAX_LENGTH : Math.min(end, MAX_LENGTH))
    .replaceAll('\\', '/')
    .replace(SCHEME_AND_HOST, '')
    .replace(ROOT, '/')
    .replace(NEXT_BUILD, '$1<build>')
  const folders = path.split('/')
  const file = folders.pop() ?? ''
  return [...folders, withoutHash(withoutExtensions(file))].map(withoutIds).join('/')
})

function withoutExtensions(file: string): string {
  let stem = file
  for (let n = 0; n < MAX_EXTENSIONS; n++) stem = stem.replace(EXTENSION, '')
  return stem
}

/** `cart-B8kd93Za` and `cart.4f3a9c21` are `cart`; `cart-checkout` stays. */
function withoutHash(stem: string): string {
  if (UUID.test(stem) || (stem.length === SHORT_HASH_LENGTH && isShortHash(stem))) return '<hash>'
  const shortAt = stem.length - SHORT_HASH_LENGTH - 1
  if (isSeparator(stem[shortAt]) && isShortHash(stem.slice(shortAt + 1))) return stem.slice(0, shortAt)
  const at = Math.max(stem.lastIndexOf('.'), stem.lastIndexOf('-'))
  return at > 0 && HEX_HASH.test(stem.slice(at + 1)) ? stem.slice(0, at) : stem
}

const isSeparator = (character: string | undefined): boolean => character === '.' || character === '-'

/** Eight characters that are not made of words: of all hashes about one in a hundred looks like some. */
function isShortHash(text: string): boolean {
  const words = text.split(/[-_]/)
  return /^[\w-]+$/.test(text) && !words.every(word => /^[a-z]*(?:[A-Z][a-z]{2,})*\d{0,2}$/.test(word))
}

/** What a path holds of one page, one user or one build. */
function withoutIds(segment: string): string {
  if (/^\d+$/.test(segment)) return '<n>'
  return UUID.test(segment) || HEX_HASH.test(segment) ? '<hash>' : segment
}
