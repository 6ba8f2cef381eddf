import terser from '@rollup/plugin-terser'
import typescript from '@rollup/plugin-typescript'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'

const src = fileURLToPath(new URL('../src/', import.meta.url))

/**
 * A file of `src/`, or code that imports such files by `./name.ts`, as one minified module, the way it ships.
 * `stubs` takes the place of files, by name.
 */
export async function bundle(entry, stubs = {}) {
  const isFile = /^[\w-]+\.ts$/.test(entry)
  // tsc writes './stack.js' where the source says './stack.ts'.
  const nameOf = id => basename(id).replace(/\.js$/, '.ts')
  const virtual = {
    name: 'entry',
    resolveId: id => (id == 'entry' ? `${src}entry.js` : stubs[nameOf(id)] ? `\0${nameOf(id)}` : null),
    load: id => (id == `${src}entry.js` ? entry : (stubs[id.slice(1)] ?? null)),
  }
  const build = await rollup({
    input: isFile ? src + entry : 'entry',
    plugins: [
      virtual,
      typescript({
        tsconfig: `${src}../tsconfig.json`,
        composite: false,
        emitDeclarationOnly: false,
        declaration: false,
      }),
      terser({
        ecma: 2018,
        module: true,
        compress: { passes: 3, unsafe_arrows: true },
        format: { comments: false },
      }),
    ],
    onwarn: () => {},
  })
  const { output } = await build.generate({ format: 'es', generatedCode: 'es2015' })
  await build.close()
  return output[0].code
}
