/** The top of a scale that holds `max`: 1, 2 or 5 and noughts. */
export function niceTop(max: number): number {
  if (!(max > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(max));
  return ([1, 2, 5, 10].find((step) => step * power >= max) ?? 10) * power;
}
