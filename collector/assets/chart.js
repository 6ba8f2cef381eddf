// Puts a chart that can be pointed at in the place of the drawn one. uPlot itself is a classic script, loaded before this one.
const HEIGHT_PX = 132

// It is not there where it cannot run: WebKitGTK under the locale C has the language `C`, which Intl refuses
// (2.50, 2026-11). Then the drawn one stays.
if (typeof uPlot !== 'undefined')
  for (const figure of document.querySelectorAll('figure.chart')) draw(/** @type {HTMLElement} */ (figure))

/** @param {HTMLElement} figure */
function draw(figure) {
  const { from = '0', size = '3600', counts = '[]' } = figure.dataset
  /** @type {number[]} */
  const events = JSON.parse(counts)
  const sizeS = Number(size)
  const times = events.map((_, at) => Number(from) + at * sizeS)
  const isDaily = sizeS >= 86_400
  figure.replaceChildren()
  figure.classList.add('live')
  let chart = create()
  new ResizeObserver(() => chart.setSize(sizeOf())).observe(figure)
  // Colours are read once, when it is made.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    chart.destroy()
    chart = create()
  })

  function sizeOf() {
    return { width: figure.clientWidth, height: HEIGHT_PX }
  }

  function create() {
    const style = getComputedStyle(figure)
    /** @param {string} name */
    const color = name => style.getPropertyValue(name).trim()
    const axis = {
      stroke: color('--dim'),
      font: `11px ${style.fontFamily}`,
      grid: { stroke: color('--line'), width: 1 },
    }
    return new uPlot(
      {
        ...sizeOf(),
        padding: [8, 4, 0, 0],
        // Buckets are whole hours and days in UTC.
        tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: { range: (_, min, max) => [min - sizeS / 2, max + sizeS / 2] },
          y: { range: (_, __, max) => [0, Math.max(max, 1) * 1.08] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            ticks: { show: false },
            size: 22,
            values: (_, seconds) => seconds.map(labelOf),
          },
          {
            ...axis,
            ticks: { show: false },
            size: 44,
            space: 26,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7],
          },
        ],
        series: [
          {
            value: (_, seconds) => (seconds == null ? '–' : timeText(seconds)),
            label: isDaily ? 'Day' : 'Hour',
          },
          {
            label: 'Events',
            value: (_, count) => (count == null ? '–' : count.toLocaleString('en')),
            fill: color('--bar'),
            points: { show: false },
            ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.8, 60], radius: 0.12 }) }),
          },
        ],
      },
      [times, events],
      figure,
    )
  }

  /** @param {number} seconds */
  function labelOf(seconds) {
    const date = new Date(seconds * 1000)
    if (!isDaily) return date.toISOString().slice(11, 16)
    return date.toLocaleDateString('en', { month: 'short', day: 'numeric', timeZone: 'UTC' })
  }

  /** @param {number} seconds */
  function timeText(seconds) {
    const iso = new Date(seconds * 1000).toISOString()
    return isDaily ? iso.slice(0, 10) : `${iso.slice(5, 10)} ${iso.slice(11, 16)} UTC`
  }
}
