// The value that a script ends with is the same.
function last(n) { const value = n; return value }
is(last(1), 1)
for (const turn of [1, 2]) { const inner = last(turn); if (inner) inner + 40 }
