import { createCanvas } from '@napi-rs/canvas';
import jsQR from 'jsqr';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

async function onlyPage(pdf: Buffer) {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  if (document.numPages !== 1) throw new Error(`${document.numPages} pages instead of one`);
  return document.getPage(1);
}

/** The text of a PDF of one page, without spaces: letters that are set apart come back with spaces between them. */
export async function textOfPdf(pdf: Buffer): Promise<string> {
  const { items } = await (await onlyPage(pdf)).getTextContent();
  return items.map((item) => ('str' in item ? item.str : '')).join('').replace(/\s/g, '');
}

/** What the QR code on it says, read from the drawn page as a phone would. */
export async function qrOfPdf(pdf: Buffer): Promise<string | undefined> {
  const page = await onlyPage(pdf);
  const viewport = page.getViewport({ scale: 2 });
  const canvas = createCanvas(viewport.width, viewport.height);
  const context = canvas.getContext('2d');
  await page.render({ canvas: null, canvasContext: context as unknown as CanvasRenderingContext2D, viewport }).promise;
  const { data, width, height } = context.getImageData(0, 0, viewport.width, viewport.height);
  return jsQR(new Uint8ClampedArray(data), width, height)?.data;
}
