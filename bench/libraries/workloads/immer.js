import { applyPatches, enableMapSet, enablePatches, produce, produceWithPatches } from 'immer'

enableMapSet()
enablePatches()

export function run({ rows }) {
  let state = { rows, index: new Map(rows.map(row => [row.id, row])), tags: new Set(['a']), totals: {} }
  const log = []
  for (let turn = 0; turn < 40; turn++) {
    const [next, patches, inverse] = produceWithPatches(state, draft => {
      const row = draft.rows[(turn * 13) % rows.length]
      row.count += turn
      const entry = draft.index.get(row.id)
      if (entry) entry.name += '!'
      draft.tags.add(`t${turn % 5}`)
      draft.totals[turn] = draft.rows.reduce((sum, { cents, count }) => sum + cents * count, 0)
      if (turn % 3 === 0) draft.rows.push({ ...row, id: rows.length + turn })
    })
    log.push(patches, applyPatches(next, inverse).rows.length)
    state = produce(next, draft => void (turn % 4 === 0 && draft.rows.splice(turn, 1)))
  }
  return JSON.stringify([log, state.rows, [...state.index], [...state.tags], state.totals])
}
