/** How a paper is cut into pages: shared by the page, the script on it and the server. */
export const ITEMS_A_PAGE = 5;

export const pageCount = (items: number): number => Math.max(1, Math.ceil(items / ITEMS_A_PAGE));

/** The page on which an item stands, by its number. */
export const pageOf = (number: number): number => Math.ceil(number / ITEMS_A_PAGE);

export const shownOn = <T>(items: readonly T[], page: number): T[] => items.slice((page - 1) * ITEMS_A_PAGE, page * ITEMS_A_PAGE);
