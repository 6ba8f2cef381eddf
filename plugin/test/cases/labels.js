// Labelled jumps go where they went, out of blocks that have become `try`.
function walk(rows) {
  const seen = []
  const later = []
  rows: for (const row of rows) {
    const width = row.length
    later.push(() => width)
    cells: for (let i = 0; i < width; i++) {
      const cell = row[i]
      later.push(() => cell)
      block: { let kept = cell; later.push(() => kept); if (cell === 0) break block; seen.push(kept) }
      if (cell === 3) continue rows
      if (cell === 5) break cells
      if (cell === 7) break rows
      if (cell % 2) continue cells
      seen.push('even')
    }
    seen.push('end')
  }
  return [seen, later.map(f => f()).join('')]
}
is(walk([[1, 2, 3, 4], [0, 5, 6], [7, 8], [9]]), [[1, 2, 'even', 3, 'even', 5, 'end', 7], '411223330055277'])
