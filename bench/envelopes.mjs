// What the benchmarks and proofs of the collector send: the envelope of a shop's error, 3 KB as the bundle sends it.

const GROUPS = 5000
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.2 Mobile/15E148 Safari/604.1',
]
const FILES = ['cart', 'pay', 'list']

/**
 * The nth of the events of a run: of 5,000 groups, a few of which have most of the events; three builds; one in five
 * from a session that was seen before.
 * @param {number} n
 * @param {number} run tells the ids of several runs apart
 */
export function envelopeOf(n, run = 0) {
  const group = Math.floor(GROUPS ** random(n, 1)) - 1
  const build = Math.floor(random(n, 2) * 3)
  const sid = n % 5 ? n : Math.floor(random(n, 4) * 1000)
  const now = Date.now()
  const eventId = (run * 0x1000000 + Math.floor(random(n, 5) * 0x1000000)).toString(16).padStart(16, '0') + n.toString(16).padStart(16, '0') // prettier-ignore
  const event = {
    event_id: eventId,
    timestamp: now / 1000,
    platform: 'javascript',
    release: `shop@1.${build}.0`,
    environment: 'production',
    sdk: { name: 'ohnoes', version: '0.1.0' },
    exception: {
      values: [
        {
          type: 'TypeError',
          value: `Cannot read properties of undefined (reading 'price${group}')`,
          mechanism: { type: 'onerror', handled: false },
          stacktrace: { frames: FRAMES(group, build) },
        },
      ],
    },
    debug_meta: {
      images: FILES.map(file => ({
        type: 'sourcemap',
        code_file: urlOf(file, build),
        debug_id: `8a5c1f0e-d2b7-4c1e-9f3a-5be04c6d7a1${build}`,
      })),
    },
    tags: { plan: ['free', 'pro'][n % 2], locale: ['en', 'de', 'fr'][n % 3] },
    user: { id: `u${sid}` },
    request: {
      url: `https://shop.example/${group % 20}?page=${n % 7}&token=abc`,
      headers: { 'User-Agent': AGENTS[n % 3] },
    },
    breadcrumbs: Array.from({ length: 6 }, (_, at) => ({
      timestamp: now / 1000 - at,
      category: 'fetch',
      message: `GET /api/${at}`,
      data: { status_code: 200, duration: 12 + at },
    })),
  }
  const header = {
    event_id: eventId,
    sent_at: new Date(now).toISOString(),
    ohnoes: { sid: `s${sid}`, fp: `f${group}` },
  }
  return { eventId, text: `${JSON.stringify(header)}\n{"type":"event"}\n${JSON.stringify(event)}` }
}

const urlOf = (file, build) => `https://shop.example/assets/${file}-B8kd93Z${build}.js`

const FRAMES = (group, build) =>
  Array.from({ length: 11 }, (_, at) => ({
    function: `f${group % (at + 7)}`,
    filename: urlOf(FILES[at % 3], build),
    lineno: 1,
    colno: group * 10 + at + 1,
    in_app: at > 2,
  }))

/**
 * From 0 to below 1 (murmur3's finish), such that every group is met.
 * @param {number} n
 * @param {number} seed
 */
export function random(n, seed) {
  let hash = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(seed, 0x27d4eb2f)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
