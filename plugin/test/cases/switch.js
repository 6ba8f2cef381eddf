// A `switch` may jump over a declaration.
function jump(n) {
  switch (n) {
    case 0: let x = 'zero'; const only = x; return only
    case 1: try { x } catch (error) { return error.name } x = 1
    default: { const y = n; x = y; }
  }
}
function attempt(n) { try { return jump(n) } catch (error) { return error.name } }
is([0, 1, 2].map(attempt), ['zero', 'ReferenceError', 'ReferenceError'])
function reducer(state, action) {
  switch (action.type) {
    case 'add': const next = [...state, action.item]; return next
    case 'drop': const [, ...rest] = state; return rest
    case 'twice': let first = state[0]; const f = () => first; first++; return [f(), ...state]
  }
  return state
}
is(['add', 'drop', 'twice', '?'].map(type => reducer([1, 2], { type, item: 3 })), [[1, 2, 3], [2], [2, 1, 2], [1, 2]])
