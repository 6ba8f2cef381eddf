import { expect, test } from 'vitest'
import { debugIdKey } from '../../src/artifact-keys.ts'
import type { Artifact } from '../../src/artifact-store.ts'
import { groupOf, type Grouping } from '../../src/group.ts'
import type { NewEvent } from '../../src/group-store.ts'
import type { StoreUnderTest } from './conformance.ts'
import { DAY_MS, newEvent, NOW_MS, writeEvents } from './rows.ts'

const ID = '3b1f0c52-9f1e-4d1a-8a53-0123456789ab'
const KEY = debugIdKey(ID)
const URL = 'https://a/app.js'
const FILES = { map: new Uint8Array([1]), code: null }

const artifact = (id: string, fields: Partial<Artifact> = {}): Artifact => ({
  id,
  content: `content of ${id}`,
  name: 'app.js',
  debugId: ID,
  release: null,
  dist: null,
  url: null,
  commit: null,
  bundler: null,
  mapHash: id,
  mapBytes: 1,
  createdMs: NOW_MS,
  usedMs: NOW_MS,
  refused: null,
  ...fields,
})

/** An event with a frame in the file, thrown by the minified function `at`. */
const minified = (at: string, fields: Record<string, unknown> = {}): NewEvent =>
  newEvent({
    exception: {
      values: [
        {
          type: 'TypeError',
          value: 'no cart',
          stacktrace: { frames: [{ function: at, filename: URL, lineno: 1, colno: 9, in_app: true }] },
        },
      ],
    },
    debug_meta: { images: [{ type: 'sourcemap', code_file: URL, debug_id: ID }] },
    ...fields,
  })

const original = (text: string): Grouping =>
  groupOf(JSON.parse(newEvent({ fingerprint: [text] }).payload) as Parameters<typeof groupOf>[0])

/** What maps lead to, which are found by their keys. */
export function testArtifacts(at: StoreUnderTest): void {
  const settle = (event: NewEvent, group: Grouping | null, seen = { [KEY]: 'a' }) =>
    at.store.settleFingerprint({ project: '1', fingerprint: event.fingerprint, group, seen, atMs: NOW_MS })
  const unsettled = async () => (await at.store.unsettledFingerprints()).map(({ fingerprint }) => fingerprint)

  test('an artifact is found by its keys, within its project, and the newest wins', async () => {
    await at.store.addArtifact('1', artifact('a'), FILES, [KEY])
    await at.store.addArtifact('1', artifact('b'), FILES, [KEY])
    expect(await at.store.findArtifacts('1', [KEY, 'other'])).toEqual({ [KEY]: artifact('b') })
    expect(await at.store.findArtifacts('2', [KEY])).toEqual({})
    const files = await at.store.artifactFiles('1', 'content of b')
    expect([...files!.map]).toEqual([1])
    expect(await at.store.artifactFiles('2', 'content of b')).toBeNull()
  })

  test('a map that was refused takes no good one’s place', async () => {
    await at.store.addArtifact('1', artifact('a'), FILES, [KEY])
    await at.store.addArtifact('1', artifact('b', { refused: 'it is not JSON' }), null, [KEY])
    expect((await at.store.findArtifacts('1', [KEY]))[KEY]?.id).toBe('a')
  })

  test('events whose maps came or changed are to be settled, once', async () => {
    const event = minified('t')
    await writeEvents(at.store, [event])
    expect(await unsettled()).toEqual([])
    expect(await at.store.missingArtifacts('1')).toMatchObject([{ key: KEY, file: URL, stacks: 1 }])
    await at.store.addArtifact('1', artifact('a'), FILES, [KEY])
    expect(await at.store.missingArtifacts('1')).toEqual([])
    expect(await unsettled()).toEqual([event.fingerprint])
    await settle(event, original('cart'))
    expect(await unsettled()).toEqual([])
    await at.store.addArtifact('1', artifact('b'), FILES, [KEY])
    expect(await unsettled()).toEqual([event.fingerprint])
    await settle(event, null)
    expect(await unsettled()).toEqual([])
  })

  test('two provisional groups of one source become one, and their addresses lead to it', async () => {
    const events = [minified('t'), minified('u')]
    await writeEvents(at.store, [...events, minified('u')])
    const group = original('cart')
    for (const event of events) await settle(event, group)
    expect(await at.store.group('1', group.id)).toMatchObject({ events: 3, title: group.title })
    for (const event of events) expect((await at.store.group('1', event.group.id))?.id).toBe(group.id)
  })

  test('a resolved group regresses when an event of a later release turns out to be its own', async () => {
    const group = original('cart')
    const known = { ...newEvent({ fingerprint: ['cart'], release: 'shop@1' }, { ageMs: DAY_MS }) }
    await writeEvents(at.store, [known])
    await at.store.setStatus('1', [group.id], { status: 'resolved', who: 'ann', atMs: NOW_MS - DAY_MS / 2 })
    const event = minified('t', { release: 'shop@2' })
    await writeEvents(at.store, [event])
    await settle(event, group)
    expect(await at.store.group('1', group.id)).toMatchObject({ status: 'regressed', events: 2 })
  })

  test('what people have merged stays where they put it', async () => {
    const [event, other] = [minified('t'), newEvent({ fingerprint: ['other'] }, { ageMs: DAY_MS })]
    await writeEvents(at.store, [event, other])
    const merged = await at.store.mergeGroups('1', [event.group.id, other.group.id], {
      who: 'ann',
      atMs: NOW_MS,
    })
    expect(merged).toBe(other.group.id)
    await settle(event, original('cart'))
    expect(await at.store.group('1', other.group.id)).toMatchObject({ events: 2 })
  })

  test('a map that nothing was resolved with for as long as events are kept is deleted, with its files', async () => {
    const old = { createdMs: NOW_MS - 40 * DAY_MS, usedMs: NOW_MS - 31 * DAY_MS }
    await at.store.addArtifact('1', artifact('a', old), FILES, [KEY])
    await at.store.addArtifact('1', artifact('b', old), FILES, ['other'])
    await at.store.markArtifactsUsed('1', ['b'], NOW_MS)
    await at.store.prune({ nowMs: NOW_MS, keepMs: new Map([['1', 30 * DAY_MS]]), maxBytes: Infinity })
    expect(Object.keys(await at.store.findArtifacts('1', [KEY, 'other']))).toEqual(['other'])
    expect(await at.store.artifactFiles('1', 'content of a')).toBeNull()
  })
}
