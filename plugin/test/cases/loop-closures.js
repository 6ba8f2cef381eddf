// Closures made in a loop see the variables of their own turn.
function closures() {
  const all = []
  for (let i = 0; i < 3; i++) {
    const double = i * 2
    let set
    all.push(() => [i, double, set])
    set = i + 10
  }
  for (const key in { p: 1, q: 2 }) all.push(() => key)
  for (const [n, { m = n } = {}] of [[1], [2, { m: 3 }]]) {
    let sum = n + m
    all.push(() => sum++ + m)
  }
  for (let i = 0, next = () => i; i < 2; i++) all.push(next)
  let k = 0
  while (k < 2) { const j = k++
    let unset
    all.push(() => [j, unset])
    unset = unset || j }
  do { let j = k--; all.push(() => j) } while (k)
  return all.map(f => f())
}
is(closures(), [[0, 0, 10], [1, 2, 11], [2, 4, 12], 'p', 'q', 3, 8, 0, 0, [0, 0], [1, 1], 2, 1])
