// Code that `eval` may look into is left alone, and so is all around it.
// left alone
function declares(code) { const before = 1; let x = 2; eval(code); return typeof added + x + before }
is(declares('var added = 1; x = 3'), 'number31')
function dead(code) { try { eval(code) } catch (error) { return error.message } const x = 1; return x }
is(dead('x'), "Cannot access 'x' before initialization")
function around() { const y = 5; const inner = code => { const z = 6; return eval(code) }; return inner('y + z') }
is(around(), 11)
