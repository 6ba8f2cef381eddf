// A template's strings are one object for each place in the text.
function tag(strings) { const seen = strings; return seen }
function here(n) { const value = n; return tag`a${value}b` }
function there(n) { const value = n; return tag`a${value}b` }
is([here(1) === here(2), here(1) === there(1), here(1).raw.length], [true, false, 2])
