// Names that the transform uses itself may be taken.
function taken($l, $e) { const globalThis = { $l }; const $l1 = $e; if ($l1) throw new Error('taken'); return [$l, $e, globalThis.$l] }
is(taken(1, 0), [1, 0, 1])
try { taken(1, 2) } catch (error) { is(error.message, 'taken') }
