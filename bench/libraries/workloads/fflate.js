import {
  decompressSync,
  gunzipSync,
  gzipSync,
  strFromU8,
  strToU8,
  unzipSync,
  zipSync,
  zlibSync,
} from 'fflate'

export function run({ source, css }) {
  const bytes = strToU8(source)
  const gzipped = gzipSync(bytes, { mtime: 0, level: 6 })
  const zipped = zipSync(
    { 'a/source.js': bytes, 'b.css': [strToU8(css), { level: 9 }] },
    { mtime: 315532800000 },
  )
  const files = unzipSync(zipped)
  const same = strFromU8(gunzipSync(gzipped)) === source && strFromU8(files['b.css']) === css
  const zlib = zlibSync(bytes.subarray(0, 20_000))
  return JSON.stringify([same, decompressSync(zlib).length, [...gzipped], [...zipped.subarray(0, 4000)]])
}
