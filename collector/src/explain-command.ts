import { join } from 'node:path'
import { findEvent } from './api.ts'
import { type Command, UsageError, withStore } from './command-line.ts'
import { readEventId } from './event.ts'
import { explanationText } from './explain.ts'
import { createSymbolicator } from './maps/symbolicator.ts'

export const EXPLAIN: Command = {
  usage: 'explain EVENT_ID',
  does: 'says of each frame of an event which source map was looked for, what was found, what to do',
  run: ({ args: [id = ''] }, context) =>
    withStore(context, async store => {
      const cacheDir = join(context.config.dataDir, 'maps')
      const symbolicator = createSymbolicator({ store, cacheDir, now: Date.now })
      try {
        const eventId = readEventId(id) ?? ''
        for (const project of await store.projects())
          if (await store.event(project.id, eventId)) {
            const { event } = await findEvent({ store, symbolicator }, project, eventId)
            return context.print(explanationText(event))
          }
        throw new UsageError(`There is no event ${id}.`)
      } finally {
        await symbolicator.close()
      }
    }),
}
