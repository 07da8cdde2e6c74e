import type { HttpClient } from './http';

export interface ShownNumber {
  key: string;
  count: number;
  to: string;
}

/** Every number of a page that leads to a list. */
export const numbersOf = (html: string): ShownNumber[] =>
  [...html.matchAll(/<a [^>]*>/g)].flatMap(({ 0: tag, index }) => {
    const key = /data-number="([^"]+)"/.exec(tag)?.[1];
    const to = /href="([^"]+)"/.exec(tag)?.[1]?.split('&amp;').join('&');
    const inside = html.slice(index + tag.length, html.indexOf('</a>', index)).replace(/<[^>]*>/g, ' ');
    const count = /\d+/.exec(inside)?.[0];
    return key !== undefined && to !== undefined && count !== undefined ? [{ key, to, count: Number(count) }] : [];
  });

/** How many rows the list at an address has, on all its pages; the first table is the list. */
export async function rowsBehind(client: HttpClient, path: string, cookie: string): Promise<number> {
  let rows = 0;
  for (let page = 1; page < 100; page += 1) {
    const answer = await client.call(`${path}${path.includes('?') ? '&' : '?'}page=${page}`, { cookie });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    rows += answer.text.split('<tbody>')[1]?.split('</tbody>')[0]?.split('<tr').slice(1).length ?? 0;
    if (!answer.text.includes('rel="next"')) return rows;
  }
  throw new Error(`${path} has no end`);
}
