import _ from 'lodash-es'

export function run({ rows }) {
  const byCount = _.groupBy(rows, 'count')
  const merged = _.reduce(rows, (all, row) => _.merge(all, { [row.count]: { names: [row.name] } }), {})
  const sorted = _.orderBy(rows, ['count', 'name'], ['desc', 'asc']).map(row => _.pick(row, ['id', 'name']))
  const copy = _.cloneDeep({ byCount, rows })
  const template = _.template('<% _.forEach(rows, r => { %><li><%- r.name %></li><% }) %>', {
    imports: { _ },
  })
  return JSON.stringify([
    _.isEqual(copy, { byCount, rows }),
    merged,
    sorted,
    _.chunk(sorted, 7).length,
    _.difference(_.map(rows, 'id'), _.range(0, 500, 3)),
    _.intersectionBy(rows, rows.slice(10, 50), 'name').length,
    rows.map(({ name }) => [_.camelCase(name), _.kebabCase(name), _.deburr(name), _.escape(name)]),
    _.get(copy, ['byCount', '3', 0, 'name']),
    _.set({}, 'a[0].b.c', _.uniqBy(rows, 'count')),
    template({ rows: rows.slice(0, 20) }),
  ])
}
