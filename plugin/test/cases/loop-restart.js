// A variable without a value starts anew in each turn and in each block.
function fresh() {
  const seen = []
  for (let turn = 0; turn < 3; turn++) {
    let last
    seen.push(last)
    last = turn
    {
      let inner
      seen.push(inner)
      inner = last
    }
    {
      let inner, other = 5
      seen.push(inner, other)
      inner = other
    }
  }
  for (let i; (i = (i || 0) + 1) < 3; ) for (let j, k = 1; k < 3; k++) { seen.push(i, j); j = k }
  return seen
}
const u = undefined
is(fresh(), [u, u, u, 5, u, u, u, 5, u, u, u, 5, 1, u, 1, 1, 2, u, 2, 1])
