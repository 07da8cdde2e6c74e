/** Documents as PDF: the font, what all of them are drawn with, and rendering in threads. */
export { FONTS, missingCharacters, MissingCharactersError, printable } from './fonts';
export { brokenLines } from './line-break';
export { drawQr } from './qr';
export { A4, INK, Paper, QUIET, type Style } from './paper';
export { collected, rendererAside } from './aside';
export { serveRenderings } from './thread';
export type { Rendered, Renderer, ToRender } from './messages';
