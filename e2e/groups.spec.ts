// The same bug is the same group in every engine: what it is grouped by is written down here once for all of them.

import { expect, test } from './browser.ts'

declare const go: (kind: string) => void

const places = (...names: string[]): string[] => names.map(name => `${name} (/groups)`)

const GROUPS: Record<string, { reason: string; frames: string[] }> = {
  method: { reason: 'stack', frames: ['RangeError', ...places('fail', 'total', 'method')] },
  constructed: { reason: 'stack', frames: ['RangeError', ...places('fail', 'Cart', 'constructed')] },
  recursion: { reason: 'stack', frames: ['RangeError', ...places('fail', 'descend', 'recursion')] },
  cause: {
    reason: 'chain',
    frames: ['Error', ...places('rethrow', 'cause', 'start', 'caused by RangeError in fail')],
  },
  listener: { reason: 'stack', frames: ['RangeError', ...places('fail', 'onClick', 'listener')] },
  promise: { reason: 'stack', frames: ['RangeError', ...places('fail', 'load', 'promise')] },
  text: { reason: 'message', frames: ['String', '/groups', 'order <n> failed'] },
}

for (const [kind, grouped] of Object.entries(GROUPS))
  test(`an error of the kind "${kind}" has the same group in every engine`, async ({
    tab,
    server,
    collector,
  }) => {
    await tab.goto(server.url('groups.html'))
    await tab.run(kind => go(kind), kind)
    await collector.waitForEvents(events => events.length > 0, server.release)
    const { groups } = await collector.get(`groups?query=release:${server.release}`)
    expect(groups).toHaveLength(1)
    const group = await collector.get(`groups/${groups[0].id}`)
    expect(group.grouped_by).toEqual({ algorithm: 'places:2', ...grouped })
  })
