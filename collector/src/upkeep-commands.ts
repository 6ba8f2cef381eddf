import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, UsageError, withStore } from './command-line.ts'
import { backUp } from './sqlite/backup.ts'
import { databaseIn } from './sqlite/store.ts'
import { pruneRequestOf } from './upkeep.ts'

/** What is done to the data now and then. */
export const UPKEEP_COMMANDS: Command[] = [
  {
    usage: 'backup FILE',
    does: 'copies the data as it is at this moment into a new file, while the collector runs',
    async run({ args: [name = ''] }, { config, print }) {
      const file = resolve(name)
      if (await isThere(file)) throw new UsageError(`${file} is there already: name a new file.`)
      const { bytes } = await backUp(databaseIn(config.dataDir), file)
      print(`${file} · ${bytes} bytes · checked`)
    },
  },
  {
    usage: 'forget PROJECT PERSON',
    does: 'deletes the events of a user (by id, email or name) or session, and of all its sessions',
    run: ({ args: [project = '', id = ''] }, context) =>
      withStore(context, async store => {
        if (!(await store.projects()).some(known => known.id === project))
          throw new UsageError(`There is no project ${project}.`)
        context.print(`${await store.forget({ project, id })} events deleted`)
      }),
  },
  {
    usage: 'prune',
    does: 'deletes what is older than its project keeps, which the collector does every ten minutes',
    run: (_, context) =>
      withStore(context, async store => {
        const request = { nowMs: Date.now(), maxBytes: context.config.maxStoreBytes }
        const pruned = await store.prune(pruneRequestOf(await store.projects(), request))
        context.print(
          `${pruned.expired} too old · ${pruned.thinned} thinned out · ${pruned.usedBytes} bytes in use`,
        )
      }),
  },
]

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )
