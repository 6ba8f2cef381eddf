// What a weighted sample says about the whole, with a 95 % interval; for sessions and occurrences alike.
// A draw is a kept session: it was kept under the rate p, stands for 1/p of its kind, and counted n things
// (1 for sessions, its occurrences for events, as one threshold decides for all of them).

/** Under this many draws of equal weight, or as good as so many, no normal law holds. */
const MIN_NORMAL_DRAWS = 30
const Z = 1.959963984540054
const TAIL = 0.025
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** The sums an estimate needs; all but `largest` add up, so a database can make them by group. */
export interface Sample {
  /** Σ n where p = 1: counted, not estimated. */
  certain: number
  /** How many draws have p < 1. The sums below are over these. */
  draws: number
  /** Σ n */
  seen: number
  /** Σ n/p */
  weighted: number
  /** Σ (n/p)² */
  squares: number
  /** Σ n² (1 − p)/p² */
  variance: number
  /** The most that a draw may stand for: max n/p. 0 only where nothing was sampled. */
  largest: number
}

/** Whole numbers; `exact` where nothing was sampled, and then all three are the same. */
export interface Estimate {
  estimate: number
  low: number
  high: number
  exact: boolean
}

export const EMPTY_SAMPLE: Sample = {
  certain: 0,
  draws: 0,
  seen: 0,
  weighted: 0,
  squares: 0,
  variance: 0,
  largest: 0,
}

/** The sample of one draw. */
export function sampleOf(n: number, p: number): Sample {
  if (p >= 1) return { ...EMPTY_SAMPLE, certain: n }
  const weighted = n / p
  const squares = weighted * weighted
  return {
    certain: 0,
    draws: 1,
    seen: n,
    weighted,
    squares,
    variance: squares * (1 - p),
    largest: weighted,
  }
}

/** A part of a sample: where none of it was kept, that is still no proof that there is none. */
export const asPartOf = (whole: Sample, part: Sample): Sample => ({ ...part, largest: whole.largest })

/** Several samples as one; no draw may be in two of them. */
export const mergeSamples = (samples: Sample[]): Sample =>
  samples.reduce(
    (sum, sample) => ({
      certain: sum.certain + sample.certain,
      draws: sum.draws + sample.draws,
      seen: sum.seen + sample.seen,
      weighted: sum.weighted + sample.weighted,
      squares: sum.squares + sample.squares,
      variance: sum.variance + sample.variance,
      largest: Math.max(sum.largest, sample.largest),
    }),
    EMPTY_SAMPLE,
  )

/** What has to be added to a sample of the same draws, as it was before, to have it as it is after. */
export const differenceOf = (after: Sample, before: Sample): Sample => ({
  certain: after.certain - before.certain,
  draws: after.draws - before.draws,
  seen: after.seen - before.seen,
  weighted: after.weighted - before.weighted,
  squares: after.squares - before.squares,
  variance: after.variance - before.variance,
  largest: after.largest,
})

/** The Horvitz–Thompson total Σ n/p, unrounded. */
export const totalOf = ({ certain, weighted }: Sample): number => certain + weighted

/** The total and its 95 % interval, which never goes below what was seen with our own eyes. */
export function estimateOf(sample: Sample): Estimate {
  const { certain, seen, squares, weighted } = sample
  const estimate = Math.round(totalOf(sample))
  if (sample.largest === 0) return { estimate, low: estimate, high: estimate, exact: true }
  // Kish's effective sample size (Survey Sampling, 1965): a few heavy draws decide, however many light ones there are.
  const isNormal = weighted ** 2 >= MIN_NORMAL_DRAWS * squares && squares > 0
  const [low, high] = isNormal ? scoreInterval(sample) : poissonInterval(sample)
  return {
    estimate,
    low: certain + Math.max(seen, Math.floor(low)),
    high: Math.max(estimate, Math.ceil(certain + high)),
    exact: false,
  }
}

/**
 * The totals from which the estimate is less than 1.96 standard deviations away (Wilson's way, JASA 22, 1927, 209–212).
 * The variance grows with the total, so it is not that of the estimate: one that happens to be low has too small a
 * variance, too, and an interval around it would miss nearly always on one side. Of the part with p < 1.
 */
export function scoreInterval({
  weighted,
  variance,
}: Pick<Sample, 'weighted' | 'variance'>): [low: number, high: number] {
  // (weighted − total)² = Z² · total · variance / weighted
  const shift = (Z * Z * variance) / weighted / 2
  const halfWidth = Math.sqrt(Z * Z * variance + shift * shift)
  return [weighted + shift - halfWidth, weighted + shift + halfWidth]
}

/**
 * The exact interval of a Poisson count, scaled by the weights: Garwood's where all weights are the same, and
 * Fay and Feuer's where they are not (Statistics in Medicine 16, 1997, 791–801). Of the part with p < 1.
 */
export function poissonInterval({
  weighted,
  squares,
  largest,
}: Pick<Sample, 'weighted' | 'squares' | 'largest'>): [low: number, high: number] {
  const up = { weighted: weighted + largest, squares: squares + largest * largest }
  return [
    weighted && (squares / weighted) * gammaQuantile(TAIL, weighted ** 2 / squares),
    (up.squares / up.weighted) * gammaQuantile(1 - TAIL, up.weighted ** 2 / up.squares),
  ]
}

/** Where the gamma distribution of that shape and scale 1 has the probability below it; for shapes of 1 to 100. */
function gammaQuantile(probability: number, shape: number): number {
  let low = 0
  let high = shape + 10 * Math.sqrt(shape) + 10
  // 2⁻⁶⁰ of the first width is below the precision of a double.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (gammaBelow(middle, shape) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The regularised lower incomplete gamma function, by its series of positive terms (Abramowitz and Stegun 6.5.29). */
function gammaBelow(x: number, shape: number): number {
  if (x <= 0) return 0
  let term = 1 / shape
  let sum = term
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (shape + n)
    sum += term
  }
  return sum * Math.exp(shape * Math.log(x) - x - lnGamma(shape))
}

/** Lanczos' approximation with g = 7, good to 15 digits for x ≥ 1. */
function lnGamma(x: number): number {
  const t = x + 6.5
  const series = LANCZOS.reduce((sum, coefficient, n) => sum + (n ? coefficient / (x - 1 + n) : coefficient))
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series)
}
