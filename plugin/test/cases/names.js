// Functions and classes keep the names and lengths that they were given.
// not for minifiers: they change names
function named(p = () => {}) {
  const arrow = () => {}
  const { inPattern = function () {} } = {}
  const [first = class {}] = []
  let anonymous
  anonymous = async (a, b) => {}
  const all = [arrow, inPattern, first, anonymous, p]
  for (const item of [1]) { const inLoop = () => item; let { alsoInLoop = () => item } = {}; all.push(inLoop, alsoInLoop) }
  for (let head = () => head; all.length < 8; ) all.push(head)
  const own = class Own { static name = 'custom' }
  return [...all, own].map(({ name, length }) => name + length)
}
is(named(), ['arrow0', 'inPattern0', 'first0', 'anonymous2', 'p0', 'inLoop0', 'alsoInLoop0', 'head0', 'custom0'])
is([named.name, named.length], ['named', 0])
