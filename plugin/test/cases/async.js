// Async functions resume in the same order and reject with the same errors.
const log = []
async function worker(name, fail) {
  const start = `${name}0`
  log.push(start)
  for (const turn of [1, 2]) {
    const got = await turn
    log.push(name + got)
  }
  if (fail) throw new Error(name)
  return Promise.resolve(name)
}
async function* both(names) {
  for await (const name of names) { const upper = name.toUpperCase(); yield upper }
  return Promise.reject(new Error('ended'))
}
later(async () => {
  const results = await Promise.allSettled([worker('a'), worker('b', true), (async () => { const c = await worker('c'); return c })()])
  is(results.map(({ status, value, reason }) => status + (value || reason.message)), ['fulfilleda', 'rejectedb', 'fulfilledc'])
  is(log, ['a0', 'b0', 'c0', 'a1', 'b1', 'c1', 'a2', 'b2', 'c2'])
  const seen = []
  try { for await (const name of both(['x', Promise.resolve('y')])) seen.push(name) } catch (error) { seen.push(error.message) }
  is(seen, ['X', 'Y', 'ended'])
  const generator = both(['z'])
  is([await generator.next(), await generator.return('r'), await generator.next()], [{ value: 'Z', done: false }, { value: 'r', done: true }, { value: undefined, done: true }])
  const order = []
  const tick = async n => { for (let i = 0; i < n; i++) { const j = i; await j } order.push(n) }
  await Promise.all([tick(3), tick(1), tick(2)])
  is(order, [1, 2, 3])
})
