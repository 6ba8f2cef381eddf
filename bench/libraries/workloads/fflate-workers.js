import { gunzip, gzip, strFromU8, strToU8, unzip, zip } from 'fflate/node'

const call = (work, ...args) =>
  new Promise((resolve, reject) => work(...args, (error, data) => (error ? reject(error) : resolve(data))))

/** Each call makes a worker of the source text of the functions that it needs. */
export async function run({ source, css }) {
  const gzipped = await call(gzip, strToU8(source), { mtime: 0 })
  const zipped = await call(
    zip,
    { 'a.js': strToU8(source.repeat(3)), 'b.css': strToU8(css) },
    { mtime: 315532800000 },
  )
  const files = await call(unzip, zipped)
  const same = strFromU8(await call(gunzip, gzipped)) === source && strFromU8(files['b.css']) === css
  const failure = await call(gunzip, gzipped.subarray(0, 500)).catch(({ message }) => message)
  return JSON.stringify([same, failure, gzipped.length, [...zipped.subarray(0, 4000)]])
}
