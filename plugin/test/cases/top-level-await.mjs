// A module waits at its top level, has `import.meta` and is strict.
const waited = await Promise.resolve(1)
async function more(n) { const value = await n; if (value > 1) throw new Error('more'); return value }
is(await more(waited), 1)
is(await more(2).catch(error => error.message), 'more')
is([typeof import.meta.url, typeof this, (function () { const self = this; return self })()], ['string', 'undefined', undefined])
export default more
for await (const item of [1, Promise.resolve(2)]) is(await more(item).catch(() => 'caught'), item === 1 ? 1 : 'caught')
