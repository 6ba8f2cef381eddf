// Where the stack is full the error that goes on is the engine's first one.
let first
function deep(n) { const next = n + 1; try { return deep(next) } catch (error) { first = first || error; throw error } }
try { deep(0) } catch (error) { is([error instanceof RangeError, error === first], [true, true]) }
