/**
 * How many answers come from the cache: a model, not a measurement. Ten million domains, asked for by Zipf's law; an
 * answer is kept for its time and then made anew by the next who asks, so of a domain asked for n times in that time
 * n / (1 + n) are hits. Prints the table of docs/capacity.md.
 */
const DOMAINS = 10_000_000
/** Of Zipf's law: 1 as for words, 0.8 where the long tail weighs more. */
const EXPONENTS = [1, 0.8]
/** Questions per second. */
const RATES = [1, 10, 100, 1000, 10_000]
/** Seconds an answer is kept: an hour, and the ceiling of a day. */
const TIMES = [3600, 86_400]
/** Domains whose ranks differ by less than this part are asked for alike: one term for all of them. */
const STEP = 1.01

/** Ranges of ranks with the share of all questions that each rank of theirs gets. */
function shares(exponent: number): { readonly ranks: number; readonly share: number }[] {
  const ranges: { ranks: number; weight: number }[] = []
  for (let first = 1; first <= DOMAINS;) {
    const next = Math.min(DOMAINS + 1, Math.max(first + 1, Math.floor(first * STEP)))
    ranges.push({ ranks: next - first, weight: ((first + next - 1) / 2) ** -exponent })
    first = next
  }
  const total = ranges.reduce((sum, { ranks, weight }) => sum + ranks * weight, 0)
  return ranges.map(({ ranks, weight }) => ({ ranks, share: weight / total }))
}

console.log(
  '| Questions per second | Zipf exponent | Kept for | From the cache | Cold lookups per second | Domains kept |',
)
console.log('| ---: | ---: | ---: | ---: | ---: | ---: |')
for (const exponent of EXPONENTS) {
  const all = shares(exponent)
  for (const rate of RATES) {
    for (const seconds of TIMES) {
      let hits = 0
      let kept = 0
      for (const { ranks, share } of all) {
        const asked = rate * share * seconds
        const present = asked / (1 + asked)
        hits += ranks * share * present
        kept += ranks * present
      }
      const cells = [
        rate.toLocaleString('en'),
        exponent.toFixed(1),
        seconds === 3600 ? '1 h' : '1 day',
        `${(hits * 100).toFixed(0)} %`,
        (rate * (1 - hits)).toFixed(rate > 100 ? 0 : 1),
        Math.round(kept).toLocaleString('en'),
      ]
      console.log(`| ${cells.join(' | ')} |`)
    }
  }
}
