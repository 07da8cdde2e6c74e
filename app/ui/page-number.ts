/** `?page=` of an address as a whole number from 1; what cannot be one is 1. */
export function pageNumber(url: string): number {
  const page = Number(new URL(url).searchParams.get('page'));
  return Number.isInteger(page) && page >= 1 && page <= 1_000_000 ? page : 1;
}
