// What was offered, kept and estimated in each second of a simulated storm, as an SVG that is legible on light and dark.

const WIDTH = 720
const HEIGHT = 300
const LEFT = 64
const RIGHT = 12
const TOP = 16
const BOTTOM = 36
const GAP = 12
const LINES = [
  ['offered', 'leave the pages, unsampled'],
  ['estimated', 'estimated'],
  ['stored', 'stored'],
]
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #59636e }
  path { fill: none; stroke-width: 2; stroke-linejoin: round }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .offered { stroke: #818b98; fill: #59636e } .estimated { stroke: #0969da; fill: #0969da } .stored { stroke: #bc4c00; fill: #bc4c00 }
  path.offered, path.estimated, path.stored { fill: none } text.offered, text.estimated, text.stored { stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 } .grid { stroke: #3d444d }
    .offered { stroke: #656c76; fill: #9198a1 } .estimated { stroke: #4493f8; fill: #4493f8 } .stored { stroke: #db6d28; fill: #db6d28 }
  }`

/** @param {{ offered: number, stored: number, estimated: number }[]} seconds */
export function stormPicture(seconds) {
  const top = 10 ** Math.ceil(Math.log10(Math.max(...seconds.map(({ offered }) => offered))))
  const x = second => LEFT + (second / seconds.length) * (WIDTH - LEFT - RIGHT)
  // 1 and below is the axis.
  const y = count =>
    HEIGHT - BOTTOM - (Math.log10(Math.max(1, count)) / Math.log10(top)) * (HEIGHT - TOP - BOTTOM)
  const lines = LINES.map(([key, title]) => ({
    key,
    title,
    path: seconds
      .map((second, at) => `${at ? 'L' : 'M'}${x(at + 0.5).toFixed(1)} ${y(second[key]).toFixed(1)}`)
      .join(''),
  }))
  const grid = []
  for (let count = 1; count <= top; count *= 10)
    grid.push(
      `<path class="grid" d="M${LEFT} ${y(count).toFixed(1)}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${(y(count) + 4).toFixed(1)}" text-anchor="end">${count.toLocaleString('en')}</text>`,
    )
  for (let second = 0; second <= seconds.length; second += 10)
    grid.push(
      `<text x="${x(second).toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${second} s</text>`,
    )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Events a second in a storm: offered, estimated and stored">
<style>${STYLE}
</style>
${grid.join('\n')}
${lines.map(({ key, path }) => `<path class="${key}" d="${path}"/>`).join('\n')}
${LINES.map(([key, title], i) => `<text class="${key}" x="${LEFT + GAP + i * 230}" y="${TOP + 2}">${title}, a second</text>`).join('\n')}
</svg>
`
}
