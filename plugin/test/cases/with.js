// Code in a `with`, or with one in it, is left alone.
// left alone
function reads(scope) { let x = 'own'; with (scope) { var y = x; x = 'set' } return [x, y, scope] }
is(reads({ x: 1, y: 2 }), ['own', undefined, { x: 'set', y: 1 }])
var asked = []
var spy = new Proxy({}, { has: (target, key) => (key === 'missing' || key === 'asked' ? (asked.push(key), false) : false) })
with (spy) { var inner = function (a) { try { missing(a) } catch (error) { return error.name } } }
is([inner(1), asked], ['ReferenceError', ['missing']])
