// npm run bench -- <name>: runs bench/<name>.mjs; without a name says which there are.
import { readdirSync } from 'node:fs'

const BENCHES = readdirSync(new URL('.', import.meta.url))
  .filter(file =>
    /^(builds|crumbs|debug-ids|delivery|groups|ingest|locals|parts|repeats|stack-size|stacks|storm|symbolicate|transform)\.mjs$/.test(
      file,
    ),
  )
  .map(file => file.slice(0, -4))
const [name] = process.argv.slice(2)

if (BENCHES.includes(name)) await import(`./${name}.mjs`)
else console.log(`npm run bench -- ${BENCHES.join(' | ')}`)
