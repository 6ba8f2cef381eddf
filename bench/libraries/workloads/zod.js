import { z } from 'zod'

const Row = z.object({
  id: z.number().int().nonnegative(),
  name: z.string().min(3).max(40).trim(),
  cents: z.number().positive(),
  count: z.union([z.literal(1), z.number().max(9)]),
  tags: z.array(z.enum(['new', 'sale'])).default(['new']),
  seller: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('shop'), url: z.url() }),
    z.object({ kind: z.literal('person'), email: z.email().optional() }),
  ]),
})
const Page = z
  .object({ rows: z.array(Row).refine(rows => rows.length < 1000), total: z.coerce.number() })
  .strict()

export function run({ rows }) {
  const seller = id =>
    id % 2
      ? { kind: 'shop', url: `https://shop.example/${id}` }
      : { kind: 'person', email: `p${id}@shop.example` }
  const good = { rows: rows.map(row => ({ ...row, seller: seller(row.id) })), total: '12' }
  const bad = {
    rows: good.rows.map(row => (row.id % 5 ? row : { ...row, cents: -1, seller: { kind: '?' } })),
    more: 1,
  }
  const results = [good, bad, { rows: 'none' }].map(page => Page.safeParse(page))
  return JSON.stringify(results.map(({ success, data, error }) => [success, data, error?.issues]))
}
