import { Transform } from 'node:stream';

/**
 * Takes the zero bytes out of a page. React 18 hands on buffers of 2048 bytes and leaves zeros at their end where the next
 * character did not fit, which browsers show as �; Chinese characters take three bytes, so that long pages have a dozen of
 * such places. No page holds a zero byte of its own: it is no character of HTML.
 */
export const pageStream = (): Transform => new Transform({
  transform(piece: Buffer, _, done) {
    done(null, piece.includes(0) ? piece.filter((byte) => byte !== 0) : piece);
  },
});
