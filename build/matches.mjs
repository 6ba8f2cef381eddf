// The matches that zlib finds in a text, kept while the text changes a little at a time.
//
// The text is a chain of cells, each a character, so that names can grow and blocks move while all else stays where it
// is. For each cell is known how long the longest earlier match is that begins there, and where the last one of these
// is: that is what zlib finds at level 9. A change touches the windows (three characters from a cell on) that go through
// it. Two cells match through a window only if another window is the same, and those are kept in lists: so whom a change
// concerns is found by looking at these few, and nothing else is looked at.

export const LONGEST = 258
const NONE = 0 // what is before the first cell and after the last one
const HIDDEN = -2 // the position of a cell that is not in the chain

/** A text of at most so many cells, numbered from 1, in ASCII. */
export function createMatches(size) {
  const characters = new Uint8Array(size + 1)
  const next = new Int32Array(size + 1)
  const previous = new Int32Array(size + 1)
  const positions = new Int32Array(size + 1)
  const atPosition = new Int32Array(size + 2)
  const lengths = new Int32Array(size + 1)
  const sources = new Int32Array(size + 1)
  // The cells whose windows are the same are a list, in no order.
  const windows = new Int32Array(size + 1).fill(-1)
  const heads = new Int32Array(2 ** 21)
  const newer = new Int32Array(size + 1)
  const older = new Int32Array(size + 1)

  let touched = []
  const isTouched = new Uint8Array(size + 1)
  const stale = [] // cells that have lost their match
  const saved = [] // cell, length, source: what they were before the change
  const isSaved = new Uint8Array(size + 1)
  let total = 0

  const hasWindow = cell => next[cell] !== NONE && next[next[cell]] !== NONE

  function addWindow(cell) {
    const second = next[cell]
    const window = (characters[cell] << 14) | (characters[second] << 7) | characters[next[second]]
    windows[cell] = window
    newer[cell] = NONE
    newer[heads[window]] = cell
    older[cell] = heads[window]
    heads[window] = cell
  }

  function removeWindow(cell) {
    if (newer[cell]) older[newer[cell]] = older[cell]
    else heads[windows[cell]] = older[cell]
    newer[older[cell]] = newer[cell]
    windows[cell] = -1
  }

  function save(cell) {
    if (isSaved[cell]) return
    isSaved[cell] = 1
    saved.push(cell, lengths[cell], sources[cell])
  }

  function matchLength(one, other) {
    let length = 0
    while (characters[one] === characters[other] && length < LONGEST) {
      length++
      one = next[one]
      other = next[other]
    }
    return length
  }

  /** Whoever matches through this window does no more. Goes left as far as the next window that is touched itself. */
  function loosen(cell) {
    for (let other = heads[windows[cell]]; other; other = older[other]) {
      if (other === cell) continue
      let one = cell
      let two = other
      do {
        const isLater = positions[one] > positions[two]
        const later = isLater ? one : two
        if (sources[later] === (isLater ? two : one)) {
          save(later)
          lengths[later] = 0
          sources[later] = NONE
          stale.push(later)
        }
        one = previous[one]
        two = previous[two]
      } while (characters[one] === characters[two] && !isTouched[one])
    }
  }

  /** Whoever can match through this window does if that is better. */
  function tighten(cell) {
    for (let other = heads[windows[cell]]; other; other = older[other]) {
      if (other === cell) continue
      let length = matchLength(cell, other)
      let one = cell
      let two = other
      do {
        const isLater = positions[one] > positions[two]
        offer(isLater ? one : two, isLater ? two : one, length)
        if (length < LONGEST) length++
        one = previous[one]
        two = previous[two]
      } while (characters[one] === characters[two] && !isTouched[one])
    }
  }

  function offer(cell, source, length) {
    if (length < lengths[cell]) return
    if (length === lengths[cell] && positions[source] <= positions[sources[cell]]) return
    save(cell)
    lengths[cell] = length
    sources[cell] = source
  }

  function search(cell) {
    for (let other = heads[windows[cell]]; other; other = older[other])
      if (positions[other] < positions[cell]) offer(cell, other, matchLength(cell, other))
  }

  /** Numbers the cells anew, from the first of these on as far as something has moved. */
  function number(changed) {
    let first = changed[0]
    let last = 0
    for (const cell of changed) {
      if (positions[cell] !== HIDDEN && positions[cell] < positions[first]) first = cell
      if (positions[cell] > last) last = positions[cell]
    }
    let position = Math.max(0, positions[first])
    for (let cell = first || next[NONE]; cell; cell = next[cell], position++) {
      if (position > last && positions[cell] === position) return
      positions[cell] = position
      atPosition[position] = cell
    }
    total = position
    atPosition[total] = NONE
  }

  return {
    characters,
    next,
    previous,
    positions,
    atPosition,
    lengths,
    sources,
    count: () => total,
    link(one, other) {
      next[one] = other
      previous[other] = one
    },
    hide(cell) {
      characters[cell] = 0
      positions[cell] = HIDDEN
    },
    /** Once the chain is whole. */
    start() {
      positions[NONE] = -1
      for (let cell = next[NONE]; cell; cell = next[cell]) {
        positions[cell] = total
        atPosition[total++] = cell
        if (hasWindow(cell)) addWindow(cell)
      }
      for (let cell = next[NONE]; cell; cell = next[cell]) if (windows[cell] >= 0) search(cell)
      this.keep()
    },
    /** Before and after are the cells whose windows go through what the change alters; the rest may be among them. */
    change(before, alter, after) {
      for (const cell of before)
        if (windows[cell] >= 0 && !isTouched[cell]) {
          isTouched[cell] = 1
          touched.push(cell)
        }
      touched.forEach(loosen)
      for (const cell of touched) {
        removeWindow(cell)
        isTouched[cell] = 0
      }
      touched = []
      alter()
      number(before)
      for (const cell of [...before, ...after()])
        if (positions[cell] >= 0 && windows[cell] < 0 && hasWindow(cell)) {
          addWindow(cell)
          isTouched[cell] = 1
          touched.push(cell)
        }
      for (const cell of stale) if (!isTouched[cell] && windows[cell] >= 0) search(cell)
      touched.forEach(tighten)
      for (const cell of touched) isTouched[cell] = 0
      stale.length = 0
    },
    keep() {
      for (let i = 0; i < saved.length; i += 3) isSaved[saved[i]] = 0
      saved.length = 0
      touched = []
    },
    undo(before, alter) {
      touched.forEach(removeWindow)
      touched = []
      alter()
      number(before)
      for (const cell of before)
        if (positions[cell] >= 0 && windows[cell] < 0 && hasWindow(cell)) addWindow(cell)
      for (let i = 0; i < saved.length; i += 3) {
        lengths[saved[i]] = saved[i + 1]
        sources[saved[i]] = saved[i + 2]
      }
      this.keep()
    },
    /** Another cell with the same window, if there is one. */
    alike(cell, random) {
      const others = []
      for (let other = heads[windows[cell]]; other; other = older[other])
        if (other !== cell) others.push(other)
      return others[random(others.length)] ?? NONE
    },
  }
}
