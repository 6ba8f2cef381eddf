import { expect, test } from 'vitest'
import { createLimits, hourOf, type Sender } from '../src/limits.ts'
import { DEFAULT_SETTINGS, type Project, type ProjectKey } from '../src/project.ts'

const NOON_MS = Date.UTC(2026, 10, 23, 12)
const HOUR_MS = 3_600_000

function setUp({ quota, perClient }: { quota?: number; perClient?: number }) {
  let nowMs = NOON_MS + 600_000
  const limits = createLimits(() => nowMs)
  const key: ProjectKey = {
    key: 'k',
    label: '',
    isEnabled: true,
    origins: [],
    eventsPerHour: quota ?? null,
    createdMs: 0,
    expiresMs: null,
  }
  const project: Project = {
    id: '1',
    name: '',
    createdMs: 0,
    keys: [key],
    settings: { ...DEFAULT_SETTINGS, eventsPerClientPerHour: perClient ?? null },
  }
  const sender = (fields: Partial<Sender> = {}): Sender => ({
    project,
    key,
    session: undefined,
    address: '192.0.2.1',
    ...fields,
  })
  return { limits, sender, goOn: (ms: number) => (nowMs += ms) }
}

/** How many single events get through of a hundred. */
const takenOf = (take: (n: number) => unknown) =>
  Array.from({ length: 100 }, (_, n) => take(n)).filter(limited => limited === undefined).length

test('a quota holds until the hour is over', () => {
  const { limits, sender, goOn } = setUp({ quota: 5 })
  expect(takenOf(() => limits.take(sender(), 1))).toBe(5)
  expect(limits.take(sender(), 1)).toEqual({ reason: 'key_quota', retryAfterS: 3000 })
  goOn(HOUR_MS)
  expect(takenOf(() => limits.take(sender(), 1))).toBe(5)
})

test('what other collectors took counts, and what was taken before a restart', () => {
  const { limits, sender } = setUp({ quota: 5 })
  limits.learn([{ project: '1', key: 'k', events: 4 }], hourOf(NOON_MS))
  limits.learn([{ project: '1', key: 'k', events: 99 }], hourOf(NOON_MS) - 1)
  expect(takenOf(() => limits.take(sender(), 1))).toBe(1)
})

test('a session uses up its share alone, an address ten of them', () => {
  const { limits, sender } = setUp({ perClient: 2 })
  expect(takenOf(() => limits.take(sender({ session: 'a' }), 1))).toBe(2)
  expect(limits.take(sender({ session: 'a' }), 1)?.reason).toBe('session_limit')
  expect(takenOf(n => limits.take(sender({ session: `b${n}` }), 1))).toBe(18)
  expect(limits.take(sender({ session: 'c' }), 1)?.reason).toBe('address_limit')
  expect(limits.take(sender({ session: 'c', address: '192.0.2.2' }), 1)).toBeUndefined()
})

test('two projects, and two keys, do not use up what is the other’s', () => {
  const { limits, sender } = setUp({ quota: 5, perClient: 1 })
  const { project, key } = sender()
  expect(takenOf(() => limits.take(sender({ session: 'a' }), 1))).toBe(1)
  expect(takenOf(() => limits.take(sender({ session: 'a', project: { ...project, id: '2' } }), 1))).toBe(1)
  const other = { ...key, key: 'l', eventsPerHour: 3 }
  expect(takenOf(n => limits.take(sender({ session: `b${n}`, key: other }), 1))).toBe(3)
})

test('a flood of made-up sessions does not hide its address', () => {
  const { limits, sender } = setUp({ perClient: 10_000 })
  const answers = Array.from({ length: 100_001 }, (_, n) => limits.take(sender({ session: `s${n}` }), 1))
  expect(answers.findIndex(limited => limited?.reason === 'address_limit')).toBe(100_000)
})
