/** How a paper is cut into pages: shared by the page, the script on it and the server. */
export const ITEMS_A_PAGE = 5;

/** What an item must tell to be put on a page. */
export interface Paged {
  /** Its place on the paper, counted from 1. */
  number: number;
  /** The section it belongs to, counted from 0; absent: the paper is not divided. */
  section?: number;
}

/** The items that may be read now, page by page. No page holds items of two sections. At least one page. */
export function pagesOf<T extends Paged>(items: readonly T[]): T[][] {
  const pages: T[][] = [];
  for (const item of items) {
    const last = pages[pages.length - 1];
    if (last && last.length < ITEMS_A_PAGE && (last[0]?.section ?? 0) === (item.section ?? 0)) last.push(item);
    else pages.push([item]);
  }
  return pages.length > 0 ? pages : [[]];
}

/** The page, counted from 1, on which the item with this number stands; else the first. */
export const pageWith = (pages: readonly (readonly Paged[])[], number: number): number =>
  Math.max(0, pages.findIndex((page) => page.some((item) => item.number === number))) + 1;

/** The page that an address asks for, by `item` (a number) or `page`; one that there is not leads to the nearest. */
export function pageAsked(pages: readonly (readonly Paged[])[], query: URLSearchParams): number {
  const item = Number(query.get('item'));
  if (item > 0) return pageWith(pages, item);
  return Math.min(pages.length, Math.max(1, Math.floor(Number(query.get('page') ?? 1)) || 1));
}
