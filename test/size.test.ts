// What a visitor pays. The README states the same figures.

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const LIMITS = { 'ohnoes.js': 8_192, 'snippet.js': 700, 'vitals.js': 7_850 }
const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url))
const gzipBytes = (file: string) => gzipSync(read(`dist/${file}`), { level: 9 }).length

test.each(Object.entries(LIMITS))('%s is at most %i bytes of gzip', (file, maxBytes) => {
  expect(gzipBytes(file)).toBeLessThanOrEqual(maxBytes)
})

test.each(Object.keys(LIMITS))('the README has the measured size of %s', file => {
  const stated = [
    ...read('README.md')
      .toString()
      .matchAll(/<!-- size:(\S+) -->([^<]*)<!-- \/size -->/g),
  ]
    .filter(([, name]) => name === file)
    .map(([, , figure]) => figure)
  expect(stated.length).toBeGreaterThan(0)
  expect(stated).toEqual(stated.map(() => gzipBytes(file).toLocaleString('en-US')))
})
