// The script as a text that can be said otherwise: each variable can have another name, each group another order.

import { createDeflate } from './deflate.mjs'

const HIDDEN = 0

/** Each change is kept or undone before the next one is made. With a `state` it is said as a text like it was. */
export function createText(code, variables, groups, state) {
  const deflate = createDeflate(
    code.length + variables.reduce((sum, { starts }) => sum + 2 * starts.length, 0),
  )
  const { characters, next, previous, link, hide } = deflate
  const origins = [0] // of a cell, where it was in the code
  const cellAt = [] // the reverse
  const variableAt = [] // of a cell with the first letter of a name
  const nodes = groups.map(group => ({ ...group, order: group.children.map((_, child) => child) }))

  /** A name has two cells, of which the second one may be hidden. */
  function createCells() {
    const starts = new Map(variables.flatMap(variable => variable.starts.map(start => [start, variable])))
    for (const variable of variables) variable.cells = []
    for (let i = 0; i < code.length; i++) {
      const cell = (cellAt[i] = origins.push(i) - 1)
      characters[cell] = code.charCodeAt(i)
      const variable = starts.get(i)
      if (!variable) continue
      variable.cells.push(cell)
      variableAt[cell] = variable
      origins.push(i)
      if (variable.name.length > 1) characters[cell + 1] = code.charCodeAt(++i)
    }
    cellAt[code.length] = origins.length
    let before = 0
    for (let cell = 1; cell < origins.length; cell++)
      if (isHidden(cell)) hide(cell)
      else link(before, (before = cell))
    link(before, 0)
  }

  const isHidden = cell => characters[cell] === HIDDEN

  /** What lies between two places: stretches of cells, and groups, whose children are such rows again. */
  function rowOf(start, end, inside) {
    const row = []
    const addCells = to => start < to && row.push({ first: cellAt[start], last: cellAt[to] - 1 })
    for (let i = 0; i < inside.length;) {
      const node = inside[i++]
      const { children } = node
      addCells(children[0].start)
      start = children.at(-1).end
      const inner = []
      while (inside[i]?.children[0].start < start) inner.push(inside[i++])
      node.rows = children.map(child => rowOf(child.start, child.end, inner.filter(isIn(child))))
      node.separators = children.slice(1).map((child, n) => rowOf(children[n].end, child.start, []))
      node.isBare = node.separators.every(separator => !separator.length)
      row.push(node)
    }
    addCells(end)
    return row
  }
  const isIn = child => group => group.children[0].start >= child.start && group.children[0].start < child.end

  const firstOf = row => row[0].first ?? firstOf(row[0].rows[row[0].order[0]])
  const lastOf = row => {
    const { last, rows, order } = row.at(-1)
    if (rows) return lastOf(rows[order.at(-1)])
    return isHidden(last) ? last - 1 : last
  }

  function setName(variable, name) {
    variable.name = name
    for (const cell of variable.cells) {
      const second = cell + 1
      characters[cell] = name.charCodeAt(0)
      if (name.length > 1) {
        if (isHidden(second)) {
          link(second, next[cell])
          link(cell, second)
        }
        characters[second] = name.charCodeAt(1)
      } else if (!isHidden(second)) {
        link(cell, next[second])
        hide(second)
      }
    }
  }

  function setOrder(node, order) {
    const { rows, separators } = node
    let tail = previous[firstOf(rows[node.order[0]])]
    const end = next[lastOf(rows[node.order.at(-1)])]
    node.order = order
    for (const row of order.flatMap((child, slot) => [slot ? separators[slot - 1] : [], rows[child]])) {
      if (!row.length) continue
      link(tail, firstOf(row))
      tail = lastOf(row)
    }
    link(tail, end)
  }

  /** The windows through each name. */
  function windowsOfNames(group) {
    const windows = []
    for (const { cells } of group)
      for (const cell of cells) {
        windows.push(cell, previous[cell], previous[previous[cell]])
        if (!isHidden(cell + 1)) windows.push(cell + 1)
      }
    return windows
  }

  /** The windows through what moves, and through the gaps where it is and where it goes. */
  function windowsOfSlots({ rows, order, isBare }, from, to) {
    const windows = []
    const addThrough = (cell, last) => {
      windows.push(previous[cell], previous[previous[cell]])
      for (; cell !== last; cell = next[cell]) windows.push(cell)
      windows.push(last)
    }
    const addGap = slot => {
      const cell = slot < order.length ? firstOf(rows[order[slot]]) : next[lastOf(rows[order.at(-1)])]
      windows.push(previous[cell], previous[previous[cell]])
    }
    for (const slot of [from, to])
      if (!isBare || slot === from) addThrough(firstOf(rows[order[slot]]), lastOf(rows[order[slot]]))
    if (isBare) for (const slot of [from, from + 1, to, to + 1]) addGap(slot)
    return windows
  }

  /** Two children change places; where nothing is between them, one goes to where the other is. */
  function orderWith({ order, isBare }, from, to) {
    const moved = [...order]
    if (isBare) moved.splice(to, 0, ...moved.splice(from, 1))
    else [moved[from], moved[to]] = [order[to], order[from]]
    return moved
  }

  function apply({ names, orders }) {
    variables.forEach((variable, i) => setName(variable, names[i]))
    nodes.forEach((node, i) => setOrder(node, orders[i]))
  }

  createCells()
  rowOf(0, code.length, [...nodes].sort(byPlace))
  if (state) apply(state)
  deflate.start()

  let undo
  return {
    variables,
    nodes,
    deflate,
    keep: deflate.keep,
    undo: () => undo(),
    /** Each of the variables has one name of the pair, and gets the other one. */
    exchange(group, [one, other]) {
      const exchange = () => group.forEach(variable => setName(variable, variable.name === one ? other : one))
      const windows = windowsOfNames(group)
      deflate.change(windows, exchange, () => windowsOfNames(group))
      undo = () => deflate.undo(windows, exchange)
    },
    canMove(node, from, to) {
      if (!node.pairs.length) return true
      const slots = []
      orderWith(node, from, to).forEach((child, slot) => (slots[child] = slot))
      return node.pairs.every(([earlier, later]) => slots[earlier] < slots[later])
    },
    move(node, from, to) {
      const { order } = node
      const windows = windowsOfSlots(node, from, to)
      deflate.change(
        windows,
        () => setOrder(node, orderWith(node, from, to)),
        () => windowsOfSlots(node, to, from),
      )
      undo = () => deflate.undo(windows, () => setOrder(node, order))
    },
    /** The name of what stands somewhere else after the same three characters as the variable does, if that is one. */
    suggest({ cells }, random) {
      const cell = cells[random(cells.length)]
      const like = deflate.alike(previous[previous[previous[cell]]], random)
      return variableAt[next[next[next[like]]]]?.name
    },
    state: () => ({ names: variables.map(({ name }) => name), orders: nodes.map(({ order }) => order) }),
    /** Each with its place in the code. */
    characters() {
      const found = []
      for (let cell = next[0]; cell; cell = next[cell])
        found.push({ character: String.fromCharCode(characters[cell]), origin: origins[cell] })
      return found
    },
  }
}

/** The outer ones before what is in them. */
const byPlace = ({ children: one }, { children: other }) =>
  one[0].start - other[0].start || other.at(-1).end - one.at(-1).end
