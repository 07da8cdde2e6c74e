import { drawQr, FONTS } from '~/pdf';
import { prints, type Snapshot } from '../credential';
import { INK, QUIET, type Column, type Sheet } from './look';
import { drawSeal } from './seal';
import { both, firstDayLabel, inEn, inZh, paperDate, permission, replacingLabel, requirementText, statement } from './words';

/** A broad and a fine line with set-in corners: the frame of an official paper. */
export function drawFrame({ doc, page, accent }: Sheet): void {
  doc.rect(0, 0, page.width, page.height).fill('#fffefb');
  doc.lineWidth(2.2).strokeColor(accent).rect(30, 30, page.width - 60, page.height - 60).stroke();
  const [near, far] = [38, 16];
  const right = page.width - near;
  const bottom = page.height - near;
  doc.lineWidth(0.7)
    .moveTo(near + far, near).lineTo(right - far, near).lineTo(right - far, near + far).lineTo(right, near + far)
    .lineTo(right, bottom - far).lineTo(right - far, bottom - far).lineTo(right - far, bottom).lineTo(near + far, bottom)
    .lineTo(near + far, bottom - far).lineTo(near, bottom - far).lineTo(near, near + far).lineTo(near + far, near + far)
    .closePath().stroke();
}

/** Title, number and emblem; `top` is where the title stands. */
export function drawHead({ doc, snapshot, look, accent, emblem, page, full }: Sheet, top: number): void {
  small(doc, `${inZh('certification.pdf-number')} No. ${snapshot.number}`, 74, { ...full, align: 'right' });
  if (snapshot.replaces !== null) small(doc, `${replacingLabel(snapshot)} No. ${snapshot.replaces}`, 60, { ...full, align: 'right' });
  if (emblem !== null) doc.image(Buffer.from(emblem, 'base64'), full.left - 22, 58, { fit: [76, 76] });
  // A long title is set smaller, so that it stays one line.
  const size = Math.min(36, (full.width - 40) / look.titleZh.length - 8);
  doc.font(FONTS.bold).fontSize(size).fillColor(INK).text(look.titleZh, full.left, top + (36 - size) / 2, { width: full.width, align: 'center', characterSpacing: 8 });
  doc.font(FONTS.regular).fontSize(look.titleEn.length > 55 ? 10.5 : 12.5).fillColor(QUIET)
    .text(look.titleEn, full.left, top + 57, { width: full.width, align: 'center', characterSpacing: 0.6 });
  const middle = page.width / 2;
  doc.lineWidth(1).strokeColor(accent).moveTo(middle - 60, top + 89).lineTo(middle + 60, top + 89).stroke();
}

export function drawStatement({ doc, snapshot, look }: Sheet, { left, width }: Column, top: number): void {
  const isNarrow = width < 420;
  doc.font(FONTS.regular).fontSize(13).fillColor(INK).text(look.openingZh, left, top, { width });
  doc.font(FONTS.bold).fontSize(nameSize(snapshot.name, width)).text(snapshot.name, left, top + 20, { width, align: 'center', characterSpacing: 3 });
  const chinese = statement(snapshot, 'zh');
  // Long names of organisations and posts are set smaller, so that the page holds them.
  const dense = chinese.length > (isNarrow ? 55 : 90);
  doc.font(FONTS.regular).fontSize(dense ? 11 : 13).text(chinese, left, top + 70, { width, lineGap: dense ? 3 : 7 });
  doc.font(FONTS.bold).fontSize(17).text(permission(snapshot, 'zh'), left, doc.y + (dense ? 4 : 8), { width, align: 'center' });
  if (!prints(snapshot, 'english')) return;
  const english = [look.openingEn, statement(snapshot, 'en'), permission(snapshot, 'en')].filter((part) => part !== '').join(' ');
  doc.font(FONTS.regular).fontSize(dense ? 8 : 9.5).fillColor(QUIET).text(english, left, doc.y + (dense ? 3 : 8), { width, lineGap: dense ? 1 : 3 });
}

/** Names of many letters fill the line instead of breaking it. */
const nameSize = (name: string, width: number): number => (name.length > 15 ? Math.max(12, Math.min(25, (width - 20) / name.length - 3)) : 25);

/** How rows are set: the more there are, the closer, and at last without their English. */
interface Density {
  size: number;
  sizeEn: number | null;
  gap: number;
  /** About how much of the page a row takes. */
  height: number;
}

const WIDE: Density = { size: 11, sizeEn: 9, gap: 7, height: 38 };
const CLOSE: Density = { size: 8.5, sizeEn: 6.5, gap: 1.5, height: 25 };
const CLOSEST: Density = { size: 8.5, sizeEn: null, gap: 0, height: 14.5 };

/** The widest setting in which `count` rows fit; one course and its exam always stand as they always stood. */
const densityFor = (count: number, room: number): Density =>
  count <= 2 ? WIDE : [WIDE, CLOSE].find(({ height }) => count * height <= room) ?? CLOSEST;

/** What the dates below the requirements take, with the headings of both. */
const DATES_AND_HEADINGS = 128;

/** What was met, and the dates; `bottom` is where they must end. */
export function drawFacts(sheet: Sheet, column: Column, bottom: number): void {
  const { doc, snapshot } = sheet;
  if (prints(snapshot, 'requirements') && snapshot.requirements.length > 0) drawRequirements(sheet, column, bottom - doc.y - DATES_AND_HEADINGS);
  heading(sheet, column, 'certification.pdf-dates');
  const until = snapshot.validUntil ? paperDate(snapshot.validUntil, 'zh') : both('certification.pdf-no-end');
  const issued: [string, string] = [both('certification.pdf-issued'), paperDate(snapshot.issuedOn, 'zh')];
  const start: [string, string] = [both('certification.pdf-start-of-duty'), paperDate(snapshot.startOfDuty, 'zh')];
  pairs(sheet, column, ...(prints(snapshot, 'start-of-duty') ? [start, issued] : [issued]));
  pairs(sheet, column, [firstDayLabel(snapshot), paperDate(snapshot.mayStartOn, 'zh')], [both('certification.pdf-valid-until'), until]);
}

function drawRequirements(sheet: Sheet, column: Column, room: number): void {
  const { doc, snapshot: { requirements } } = sheet;
  heading(sheet, column, 'certification.pdf-requirements');
  const rows = densityFor(requirements.length, room);
  const most = rows === CLOSEST && requirements.length * rows.height > room ? Math.max(1, Math.floor(room / rows.height) - 1) : requirements.length;
  for (const one of requirements.slice(0, most)) requirementRow(sheet, column, one, rows);
  const more = requirements.length - most;
  if (more > 0) doc.font(FONTS.regular).fontSize(8).fillColor(QUIET).text(`+ ${more} ${both('certification.pdf-more')}`, column.left, doc.y, { width: column.width });
  doc.y += 12;
}

/** QR code and check code on the left, issuer and seal on the right of the column. */
export function drawFoot({ doc, snapshot, look }: Sheet, { left, width }: Column, top: number, bottom: number): void {
  drawQr(doc, snapshot.checkAddress, left - 10, top, 104);
  const isNarrow = width < 420;
  const beside = { left: left + 102, width: isNarrow ? width - 298 : 150 };
  small(doc, inZh('certification.pdf-scan'), top + 10, beside);
  if (!isNarrow) small(doc, inEn('certification.pdf-scan'), top + 25, beside);
  small(doc, both('certification.pdf-check-code'), top + 52, beside);
  doc.font(FONTS.bold).fontSize(15).fillColor(INK).text(snapshot.checkCode, beside.left, top + 65, { characterSpacing: 2.5, lineBreak: false });
  signature(doc, snapshot, look, { left: left + width - 176, width: 176 }, top);
  small(doc, snapshot.checkAddress.split('?')[0] ?? '', Math.min(top + 120, bottom), { left, width, align: 'left' });
}

/** The seal lies over issuer and date, as it is put by hand, and leaves both readable. */
function signature(doc: PDFKit.PDFDocument, { issuer, issuedOn }: Snapshot, look: Sheet['look'], { left: x, width }: Column, top: number): void {
  drawSeal(doc, { x: x + width / 2, y: top + 46, issuer, purpose: look.sealLine });
  doc.font(FONTS.bold).fontSize(issuer.length > 15 ? 9.5 : 12.5).fillColor(INK).text(issuer, x - 20, top + 20, { width: width + 40, align: 'center' });
  doc.font(FONTS.regular).fontSize(12).text(paperDate(issuedOn, 'zh'), x, top + 86, { width, align: 'center' });
  const signed = [look.signatureZh, look.signatureEn].filter((part) => part !== '').join(' ');
  if (signed !== '') doc.fontSize(signed.length > 24 ? 8 : 9.5).fillColor(QUIET).text(signed, x - 20, top + 104, { width: width + 40, align: 'center' });
}

function requirementRow({ doc, snapshot }: Sheet, { left, width }: Column, one: Snapshot['requirements'][number], { size, sizeEn, gap }: Density): void {
  const y = doc.y;
  doc.font(FONTS.regular).fontSize(size).fillColor(INK).text(requirementText(one, 'zh'), left, y, { width: width - 100, lineGap: 2 });
  const below = doc.y;
  doc.text(paperDate(one.on, 'zh'), left + width - 100, y, { width: 100, align: 'right' });
  doc.y = below;
  if (sizeEn !== null && prints(snapshot, 'english')) doc.fontSize(sizeEn).fillColor(QUIET).text(requirementText(one, 'en'), left, below, { width });
  doc.y += gap;
}

function heading({ doc, accent, rule }: Sheet, { left, width }: Column, key: 'certification.pdf-requirements' | 'certification.pdf-dates'): void {
  const y = doc.y;
  doc.font(FONTS.bold).fontSize(10).fillColor(accent).text(both(key), left, y, { width });
  doc.lineWidth(0.6).strokeColor(rule).moveTo(left, doc.y + 3).lineTo(left + width, doc.y + 3).stroke();
  doc.y += 9;
}

/** Two facts side by side, each with its name above. */
function pairs({ doc }: Sheet, { left, width }: Column, ...facts: [string, string][]): void {
  const y = doc.y;
  const each = width / 2;
  facts.forEach(([label, value], i) => {
    const x = left + i * each;
    doc.font(FONTS.regular).fontSize(9).fillColor(QUIET).text(label, x, y, { width: each - 12 });
    doc.fontSize(11.5).fillColor(INK).text(value, x, doc.y + 1, { width: each - 12 });
  });
  doc.y += 6;
}

function small(doc: PDFKit.PDFDocument, text: string, y: number, { left, width, align = 'left' }: Column & { align?: 'left' | 'right' }): void {
  doc.font(FONTS.regular).fontSize(9).fillColor(QUIET).text(text, left, y, { width, align, lineGap: 2 });
}
