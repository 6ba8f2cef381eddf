import { expect, test } from 'vitest'
import { hourOf } from '../../src/limits.ts'
import { DEFAULT_SETTINGS } from '../../src/project.ts'
import type { StoreUnderTest } from './conformance.ts'
import { newEvent, NOW_MS, writeEvents } from './rows.ts'

/** Projects, their keys, and what came by these. */
export function testProjects(at: StoreUnderTest): void {
  test('a project has a number, a first key and settings, and is there again later', async () => {
    const first = await at.store.createProject({ name: 'Shop' })
    const second = await at.store.createProject({ name: 'Docs', id: 'docs', key: 'demo' })
    const third = await at.store.createProject({ name: 'Blog' })
    expect([first.id, second.id, third.id]).toEqual(['1', 'docs', '2'])
    expect(first.keys).toMatchObject([{ key: expect.stringMatching(/^[0-9a-f]{32}$/), isEnabled: true }])
    expect(second.keys[0]?.key).toBe('demo')
    expect(first.settings).toEqual(DEFAULT_SETTINGS)
    await at.reopen()
    const projects = await at.store.projects()
    expect(projects).toHaveLength(3)
    expect(projects).toEqual(expect.arrayContaining([first, second, third]))
    await expect(at.store.createProject({ name: 'Again', id: 'docs' })).rejects.toThrow(
      'There is a project docs already',
    )
  })

  test('a change leaves what it does not name', async () => {
    const { id } = await at.store.createProject({ name: 'Shop' })
    expect(await at.store.updateProject(id, { settings: { retentionDays: 7 } })).toBe(true)
    expect(await at.store.updateProject(id, { settings: { filters: ['crawlers'] } })).toBe(true)
    expect(await at.store.updateProject(id, { name: 'Store' })).toBe(true)
    expect(await at.store.projects()).toMatchObject([
      { name: 'Store', settings: { ...DEFAULT_SETTINGS, retentionDays: 7, filters: ['crawlers'] } },
    ])
    expect(await at.store.updateProject('none', { name: 'x' })).toBe(false)
  })

  test('keys are made, changed and deleted, each of its project', async () => {
    const { id, keys } = await at.store.createProject({ name: 'Shop' })
    const other = await at.store.createProject({ name: 'Docs' })
    const key = await at.store.createKey(id, { label: 'Web', origins: ['https://shop.example'] })
    const first = keys[0]!
    expect(await at.store.updateKey(id, key.key, { isEnabled: false, eventsPerHour: 5 })).toBe(true)
    const changed = { ...key, isEnabled: false, eventsPerHour: 5 }
    const keysNow = async () => (await at.store.projects()).find(project => project.id === id)?.keys
    expect(await keysNow()).toHaveLength(2)
    expect(await keysNow()).toEqual(expect.arrayContaining([first, changed]))
    expect(await at.store.updateKey(other.id, key.key, { isEnabled: true })).toBe(false)
    expect(await at.store.deleteKey(other.id, key.key)).toBe(false)
    expect(await at.store.deleteKey(id, first.key)).toBe(true)
    expect(await keysNow()).toEqual([changed])
    await expect(at.store.createKey('none')).rejects.toThrow('There is no project none')
  })

  test('what came by a key is counted by hour, duplicates are not', async () => {
    const events = [newEvent(), newEvent(), newEvent({}, { ageMs: 2 * 3_600_000 })]
    await writeEvents(at.store, [...events, events[0]!])
    await at.store.write({ project: '1', events: [newEvent()], outcomes: [] })
    expect(await at.store.keyUsage(hourOf(NOW_MS))).toEqual([{ project: '1', key: 'k', events: 2 }])
    expect(await at.store.keyUsage(hourOf(NOW_MS) - 2)).toEqual([{ project: '1', key: 'k', events: 1 }])
    expect(await at.store.keyUsage(0)).toEqual([])
  })
}
