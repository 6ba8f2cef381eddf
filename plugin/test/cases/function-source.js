// A function whose text is taken elsewhere works there, where nothing of ohnoes is.
function work(list) { const total = list.reduce((sum, n) => sum + n, 0); if (total > 5) throw new RangeError('too much'); return total }
const elsewhere = new Function('globalThis', '$l', 'list', `return (${work.toString()})(list)`)
is(elsewhere({}, undefined, [1, 2]), 3)
try { elsewhere(undefined, undefined, [5, 6]) } catch (error) { is([error.name, error.message], ['RangeError', 'too much']) }
