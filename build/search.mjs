// Simulated annealing: a change that makes the text smaller is taken, one that makes it larger only with some luck, ever
// less of it. So one gets out of what is best only among its neighbours.

import { CHROMIUM, ZLIB } from './deflate.mjs'

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$'
/** By how many bits the text may become larger, on average: at first, when the search goes on from a good text, in the end. */
const HOT = 5
const WARM = 3
const COLD = 1.2
/** Of ten trials, how many are with orders. */
const ORDERS = 3
/** How much smaller a text may be than the estimate says, in bits, since its own codes would suit it better. */
const MARGIN = 8

/** The best names and orders of a fixed series of trials. */
export function search(text, trials, isGood) {
  const { variables, nodes, deflate } = text
  const slots = nodes.flatMap(node => node.order.map(() => node))
  const random = createRandom()
  const any = list => list[random(list.length)]

  const ways = [
    () => any(LETTERS),
    variable => text.suggest(variable, random),
    () => any(variables).name, // has two letters as often as one
  ]
  const tryName = () => {
    const variable = any(variables)
    const name = any(ways)(variable)
    const group = name && groupOf(variable, name)
    if (group) text.exchange(group, [variable.name, name])
    return group
  }
  const tryOrder = () => {
    const node = any(slots)
    const [from, to] = [random(node.order.length), random(node.order.length)]
    if (from === to || !text.canMove(node, from, to)) return false
    text.move(node, from, to)
    return true
  }

  let size = total(deflate.bits)
  let estimates = []
  const keep = () => {
    text.keep()
    estimates = [deflate.price(CHROMIUM), deflate.price(ZLIB)]
  }
  /** Most changes are clearly too large by the estimate, and so not measured. */
  const measureWithin = limit => {
    const rise = deflate.estimate(CHROMIUM) - estimates[0]
    if (rise > limit / 2 + MARGIN) return Infinity
    if (sum(rise, deflate.estimate(ZLIB) - estimates[1]) > limit + MARGIN) return Infinity
    return total(deflate.bits)
  }

  keep()
  const hot = isGood ? WARM : HOT
  let smallest = size
  let best = text.state()
  for (let n = 0; n < trials; n++) {
    const isChanged = slots.length && random(10) < ORDERS ? tryOrder() : tryName()
    if (!isChanged) continue
    const heat = hot * (COLD / hot) ** (n / trials)
    const limit = -heat * Math.log((1 + random(1e6)) / 1e6)
    const changed = measureWithin(limit)
    if (changed > size + limit) {
      text.undo()
      continue
    }
    keep()
    size = changed
    if (size >= smallest) continue
    smallest = size
    best = text.state()
  }
  return best
}

/** Chromium's counts twice: zlib finds more matches, so that its text is smaller by itself. */
const sum = (chromium, zlib) => (2 * chromium + zlib) / 1.5
const total = bits => sum(bits(CHROMIUM), bits(ZLIB))

/** All that exchange the two names, so that the variable can have the other one; none where a global has it. */
export function groupOf(variable, name) {
  if (variable.name === name) return
  const group = new Set([variable])
  for (const { name: from, rivals, globals } of group) {
    const to = from === name ? variable.name : name
    if (globals.has(to)) return
    for (const rival of rivals) if (rival.name === to) group.add(rival)
  }
  return group
}

/** The same numbers each time. */
function createRandom() {
  let seed = 1
  return n => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return Math.floor((seed / 2 ** 32) * n)
  }
}
