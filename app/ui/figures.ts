/**
 * A score in per cent as people read it: at most two decimals, and cut off rather than rounded, so that
 * 59.996 never reads as 60 beside the word "failed".
 */
export function percentText(percent: number): string {
  const shown = Math.floor(percent * 100 + 1e-7) / 100;
  return String(shown);
}

/** Points without the noise of binary fractions. */
export const pointsText = (points: number): string => String(Math.round(points * 1000) / 1000);
