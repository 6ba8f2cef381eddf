import { expect, test } from 'vitest'
import { pageName } from '../src/page-name.ts'

test.each([
  ['/', '/'],
  ['/shop/cart', '/shop/cart'],
  ['/shop/cart?token=1#/step/2', '/shop/cart'],
  ['/users/7/orders/48213', '/users/*/orders/*'],
  ['/files/123e4567-e89b-42d3-a456-426614174000/edit', '/files/*/edit'],
  ['/commit/41d1c4da90ef23bb10c9e7f51f0a4c8fd65b2e17', '/commit/*'],
  ['/notes/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/notes/*'],
  ['/invite/jane@example.com', '/invite/*'],
  ['/invite/jane%40example.com', '/invite/*'],
  ['/posts/81723.html', '/posts/*.html'],
  ['/p/iphone-15', '/p/iphone-15'],
  ['/v2/facade/internationalisation', '/v2/facade/internationalisation'],
  ['/a-day-in-the-life-of-a-web-server', '/a-day-in-the-life-of-a-web-server'],
])('the page of %s is %s', (path, page) => {
  expect(pageName(`https://user:secret@shop.example${path}`)).toBe(page)
})

test('ids of any kind count as one page', () => {
  const ids = [
    '1',
    '99999999',
    'a1b2c3d4e5f60718',
    'AAAAAAAAAAAAAAA1',
    '00000000-0000-0000-0000-000000000000',
  ]
  expect(new Set(ids.map(id => pageName(`https://shop.example/order/${id}`)))).toEqual(new Set(['/order/*']))
})

test('a path of megabytes is no more work than that', () => {
  const path = 'a'.repeat(1e6) + '/' + '1a'.repeat(1e6)
  expect(pageName(`https://shop.example/${path}`)).toBe(`/${'a'.repeat(1e6)}/*`)
})
