// How many bits one block of deflate takes, to the bit, as zlib writes it: its Huffman codes for how often each symbol
// is used, and the header that states them. After `trees.c` of zlib, whose way with ties decides the header.

export const END_OF_BLOCK = 256
const HEAP_SIZE = 573 // twice the number of symbols, and one
const heap = new Int32Array(HEAP_SIZE)
const weight = new Int32Array(HEAP_SIZE)
const depth = new Int32Array(HEAP_SIZE)
const parent = new Int32Array(HEAP_SIZE)
const bitsOf = new Int32Array(HEAP_SIZE)
const counts = new Int32Array(16)
export const literalCodes = new Int32Array(287)
export const distanceCodes = new Int32Array(31)
const ofLengths = new Int32Array(19)
const lengthsOfLengths = new Int32Array(19)
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
let heapLength = 0

/** Of the block without the extra bits of its lengths and distances. */
export function blockBits(literals, distances) {
  ofLengths.fill(0)
  let bits = 17 // the block's kind, and how long each of the three lists of the header is
  bits += buildTree(literals, literalCodes, 15) + buildTree(distances, distanceCodes, 15)
  countRuns(literals.length, literalCodes)
  countRuns(distances.length, distanceCodes)
  bits += buildTree(ofLengths, lengthsOfLengths, 7)
  let last = 18
  while (last > 3 && !lengthsOfLengths[ORDER[last]]) last--
  return bits + 3 * (last + 1) + 2 * ofLengths[16] + 3 * ofLengths[17] + 7 * ofLengths[18]
}

const isSmaller = (n, m) => weight[n] < weight[m] || (weight[n] === weight[m] && depth[n] <= depth[m])

function sink(k) {
  const node = heap[k]
  for (let child = k * 2; child <= heapLength; child *= 2) {
    if (child < heapLength && isSmaller(heap[child + 1], heap[child])) child++
    if (isSmaller(node, heap[child])) break
    heap[k] = heap[child]
    k = child
  }
  heap[k] = node
}

/** Sets the length of each symbol's code; returns what all uses take. */
function buildTree(uses, codeLengths, longest) {
  const size = uses.length
  heapLength = 0
  for (let n = 0; n < size; n++) {
    codeLengths[n] = 0
    if (!uses[n]) continue
    heap[++heapLength] = n
    weight[n] = uses[n]
    depth[n] = 0
  }
  // A tree has two leaves at least.
  for (let n = 0; heapLength < 2; n++)
    if (!uses[n]) {
      heap[++heapLength] = n
      weight[n] = 1
      depth[n] = 0
    }
  for (let n = heapLength >> 1; n; n--) sink(n)
  let node = size
  let sorted = HEAP_SIZE
  do {
    const n = heap[1]
    heap[1] = heap[heapLength--]
    sink(1)
    const m = heap[1]
    heap[--sorted] = n
    heap[--sorted] = m
    weight[node] = weight[n] + weight[m]
    depth[node] = Math.max(depth[n], depth[m]) + 1
    parent[n] = parent[m] = node
    heap[1] = node++
    sink(1)
  } while (heapLength > 1)
  bitsOf[heap[1]] = 0
  let total = 0
  let excess = 0
  counts.fill(0)
  for (let h = sorted; h < HEAP_SIZE; h++) {
    const n = heap[h]
    let bits = bitsOf[parent[n]] + 1
    if (bits > longest) {
      bits = longest
      excess++
    }
    bitsOf[n] = bits
    if (n >= size) continue
    counts[bits]++
    codeLengths[n] = bits
    total += bits * uses[n]
  }
  return excess ? shorten(uses, codeLengths, longest, excess) : total
}

/** Makes room for the codes that would be too long. */
function shorten(uses, codeLengths, longest, excess) {
  for (; excess > 0; excess -= 2) {
    let bits = longest - 1
    while (!counts[bits]) bits--
    counts[bits]--
    counts[bits + 1] += 2
    counts[longest]--
  }
  let total = 0
  let h = HEAP_SIZE
  for (let bits = longest; bits; bits--)
    for (let n = counts[bits]; n;) {
      const m = heap[--h]
      if (m >= uses.length) continue
      codeLengths[m] = bits
      total += bits * uses[m]
      n--
    }
  return total
}

/** How the header abbreviates the list of lengths. */
function countRuns(size, lengths) {
  while (!lengths[size - 1]) size--
  lengths[size] = -1
  let before = -1
  let count = 0
  for (let n = 0; n < size; n++) {
    const length = lengths[n]
    const isLonger = ++count < (length ? (length === before ? 6 : 7) : 138) && length === lengths[n + 1]
    if (isLonger) continue
    if (count < (length && length !== before ? 4 : 3)) ofLengths[length] += count
    else if (length) {
      if (length !== before) ofLengths[length]++
      ofLengths[16]++
    } else ofLengths[count <= 10 ? 17 : 18]++
    count = 0
    before = length
  }
}
