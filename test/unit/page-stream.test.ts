import { createElement, type ReactElement } from 'react';
import { text } from 'node:stream/consumers';
import { PassThrough, type Duplex } from 'node:stream';
import { renderToPipeableStream, renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { pageStream } from '~/start/page-stream';

const rendered = (page: ReactElement, through: Duplex): Promise<string> => {
  const { pipe } = renderToPipeableStream(page, { onAllReady: () => { pipe(through); } });
  return text(through);
};

/** Characters of one, three and four bytes, beginning at another place each time. */
const page = (shift: number): ReactElement => createElement('main', null, 'a'.repeat(shift), Array.from({ length: 900 }, (_, i) => createElement('p', { key: i, title: `第${i}项` }, `更正𠮷${i}`)));

describe('a page', () => {
  it.each([0, 1, 2, 3, 4, 5])('holds every character, wherever buffers end (%s letters before)', async (shift) => {
    expect(await rendered(page(shift), pageStream())).toBe(renderToString(page(shift)));
  });

  it('would hold zeros without it: the test itself can fail', async () => {
    expect(await rendered(page(0), new PassThrough())).toContain('\0');
  });
});
