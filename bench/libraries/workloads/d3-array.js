import * as d3 from 'd3-array'

export function run({ rows }) {
  const numbers = Array.from({ length: 20_000 }, (_, i) => (Math.sin(i * 12.9898) * 43758.5453) % 1000)
  const bins = d3.bin().thresholds(d3.thresholdScott)(numbers)
  const sorted = d3.sort(numbers)
  return JSON.stringify([
    bins.map(({ x0, x1, length }) => [x0, x1, length]),
    d3.extent(numbers),
    d3.quantile(numbers, 0.9),
    d3.median(numbers),
    d3.deviation(numbers),
    d3.ticks(...d3.extent(numbers), 20),
    numbers.slice(0, 5000).map(number => d3.bisectLeft(sorted, number)),
    d3.rollups(
      rows,
      group => d3.sum(group, ({ cents }) => cents),
      ({ count }) => count,
    ),
    [
      ...d3.group(
        rows,
        ({ count }) => count,
        ({ id }) => id % 3,
      ),
    ].length,
    d3.cross([1, 2, 3], d3.range(300)).length,
    d3.blur(numbers.slice(0, 3000), 5),
    d3.quickselect(numbers.slice(), 1000)[1000],
    [...d3.cumsum(numbers.slice(0, 2000))],
    d3.least(rows, ({ cents }) => cents),
    [...d3.union([1, 2], [3], sorted.slice(0, 100))],
  ])
}
