// Numbers as they are printed. A ratio is two integers and the name of what it is out of; it is never stored as a percentage.

export type Ratio<Base extends string = string> = { n: number; d: number; base: Base }

/** «64.809»: dot for thousands, as Vietnamese papers print it. */
export const formatCount = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '.')

/**
 * «96,0%»: one decimal by default, kept, half up.
 * Never 100% unless n = d, never 0% when n > 0; without a denominator there is nothing to say: «–».
 */
export function formatRatio({ n, d }: { n: number; d: number }, decimals = 1): string {
  if (d === 0) return '–'
  const scale = 10 ** decimals
  const whole = 100 * scale
  let parts = Math.floor((2 * n * whole + d) / (2 * d))
  if (n < d && parts >= whole) parts = whole - 1
  if (n > 0 && parts === 0) parts = 1
  const text =
    decimals === 0 ? String(parts) : `${Math.floor(parts / scale)},${String(parts % scale).padStart(decimals, '0')}`
  return `${text}%`
}
