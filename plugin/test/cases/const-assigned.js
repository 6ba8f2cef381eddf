// Assigning to a constant throws as it did, and the value stays.
function total(items) {
  const sum = items.length
  const log = [sum]
  try {
    sum = 5
  } catch (error) {
    log.push(error.message, sum)
  }
  for (const item of items)
    try {
      item++
    } catch (error) {
      log.push(error.name, item)
    }
  return log
}
is(total([7, 8]), [2, 'Assignment to constant variable.', 2, 'TypeError', 7, 'TypeError', 8])
