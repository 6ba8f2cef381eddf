/** A page of a shop, written for React and Preact alike. */
export function createShop({ h, createContext, useContext, useMemo, useState }) {
  const Currency = createContext('EUR')

  function Price({ cents }) {
    const currency = useContext(Currency)
    const text = useMemo(() => `${(cents / 100).toFixed(2)} ${currency}`, [cents, currency])
    return h('span', { class: 'price', title: text }, text)
  }

  function Row({ row, isEven }) {
    const [count] = useState(() => row.count)
    const style = { color: isEven ? 'black' : 'gray', paddingLeft: row.id % 7 }
    return h(
      'tr',
      { key: row.id, style, 'data-id': row.id },
      h('td', null, row.name, ' & more'),
      h('td', null, h(Price, { cents: row.cents * count })),
      count > 2 ? h('td', { class: 'many' }, count) : null,
    )
  }

  function Table({ rows }) {
    const sorted = useMemo(() => [...rows].sort((a, b) => a.name.localeCompare(b.name)), [rows])
    const total = sorted.reduce((sum, { cents, count }) => sum + cents * count, 0)
    const body = sorted.map((row, index) => h(Row, { row, isEven: index % 2 === 0, key: row.id }))
    return h('table', null, h('tbody', null, body), h('tfoot', null, h(Price, { cents: total })))
  }

  return rows =>
    h(Currency.Provider, { value: 'USD' }, h('main', null, h('h1', null, 'Shop'), h(Table, { rows })))
}
