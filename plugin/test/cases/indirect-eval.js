// An indirect eval sees the global scope only, so functions with one are not left alone.
function indirect(code) { const x = 'local'; const evaluate = eval; return [evaluate(code), (0, eval)(code), x] }
is(indirect('typeof x'), ['undefined', 'undefined', 'local'])
