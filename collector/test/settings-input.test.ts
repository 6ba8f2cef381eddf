import { expect, test } from 'vitest'
import { readKeyChange, readProjectChange } from '../src/settings-input.ts'

test('what is left out is not changed', () => {
  expect(readProjectChange({})).toEqual({ ok: true, change: {} })
  expect(readKeyChange({ unknown: 'x' })).toEqual({ ok: true, change: {} })
})

test('settings are read from texts', () => {
  expect(
    readProjectChange({
      name: ' Shop ',
      retentionDays: '30',
      eventsPerClientPerHour: 'none',
      scrubKeys: 'iban, customerNumber\niban',
      filters: ['crawlers', 'localhost'],
    }),
  ).toEqual({
    ok: true,
    change: {
      name: 'Shop',
      settings: {
        retentionDays: 30,
        eventsPerClientPerHour: null,
        scrubKeys: ['iban', 'customerNumber'],
        filters: ['crawlers', 'localhost'],
      },
    },
  })
  expect(
    readKeyChange({
      label: '',
      isEnabled: 'off',
      origins: 'https://shop.example https://*.shop.example:8443',
      eventsPerHour: '5000',
    }),
  ).toEqual({
    ok: true,
    change: {
      label: '',
      isEnabled: false,
      origins: ['https://shop.example', 'https://*.shop.example:8443'],
      eventsPerHour: 5000,
    },
  })
})

test('an empty list takes all of them away, an empty limit the limit', () => {
  expect(readProjectChange({ filters: '', eventsPerClientPerHour: '' })).toEqual({
    ok: true,
    change: { settings: { filters: [], eventsPerClientPerHour: null } },
  })
})

test.each([
  [readProjectChange, { name: '' }, 'name: "" is none: give 1 to 100 characters.'],
  [
    readProjectChange,
    { retentionDays: '0' },
    'retentionDays: "0" is none: give a whole number from 1 to 3650.',
  ],
  [readProjectChange, { retentionDays: '1e99' }, 'retentionDays: "1e99"'],
  [readProjectChange, { retentionDays: '' }, 'retentionDays: ""'],
  [readProjectChange, { scrubKeys: 'iban,--' }, 'scrubKeys: "--" is none'],
  [readProjectChange, { filters: 'robots' }, 'filters: "robots" is none: give some of extensions'],
  [readKeyChange, { origins: 'shop.example' }, 'origins: "shop.example" is none'],
  [readKeyChange, { origins: 'https://shop.example/path' }, 'origins'],
  [readKeyChange, { origins: 'https://*' }, 'origins'],
  [readKeyChange, { eventsPerHour: '-5' }, 'eventsPerHour: "-5" is none'],
  [readKeyChange, { isEnabled: 'maybe' }, 'isEnabled: "maybe" is none: give yes or no.'],
])('%o refuses %j and says what to give', (read, input, message) => {
  expect(read(input)).toEqual({ ok: false, message: expect.stringContaining(message) })
})
