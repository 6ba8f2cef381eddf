// Directives stay in front, with and without semicolons.
function strict() {
  'use strict'
  const self = this
  return self
}
function semicolon() { 'use strict'; const self = this; return self }
function two() { "some directive"
  'use strict'
  var self = this
  function inner() { return this }
  return [self, inner()] }
function multi() { 'use strict' 
  + ''
  const self = this; return self === globalThis }
is([strict(), semicolon(), two(), multi()], [undefined, undefined, [undefined, undefined], true])
is(new Function('"use strict"; return ' + strict.toString() + '; ')()(), undefined)
