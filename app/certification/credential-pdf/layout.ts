import { drawQr, FONTS } from '~/pdf';
import { textFor } from '~/text';
import { cutOff } from '~/text/reason';
import type { Snapshot } from '../credential';
import { drawSeal } from './seal';

type Document = PDFKit.PDFDocument;

const PAGE = { width: 595.28, height: 841.89 };
const LEFT = 84;
const WIDTH = PAGE.width - 2 * LEFT;
const INK = '#1c2322';
const QUIET = '#5c6664';
const ACCENT = '#0c5a63';
const RULE = '#b9c4c2';

const zh = textFor('zh');
const en = textFor('en');

/** A broad and a fine line with set-in corners: the frame of an official paper. */
export function drawFrame(doc: Document): void {
  doc.rect(0, 0, PAGE.width, PAGE.height).fill('#fffefb');
  doc.lineWidth(2.2).strokeColor(ACCENT).rect(30, 30, PAGE.width - 60, PAGE.height - 60).stroke();
  const [near, far] = [38, 16];
  const right = PAGE.width - near;
  const bottom = PAGE.height - near;
  doc.lineWidth(0.7)
    .moveTo(near + far, near).lineTo(right - far, near).lineTo(right - far, near + far).lineTo(right, near + far)
    .lineTo(right, bottom - far).lineTo(right - far, bottom - far).lineTo(right - far, bottom).lineTo(near + far, bottom)
    .lineTo(near + far, bottom - far).lineTo(near, bottom - far).lineTo(near, near + far).lineTo(near + far, near + far)
    .closePath().stroke();
}

export function drawHead(doc: Document, { number, replaces }: Snapshot): void {
  small(doc, `${zh.t('certification.pdf-number')} No. ${number}`, 74, { align: 'right' });
  if (replaces !== null) small(doc, `${both('certification.pdf-replaces')} No. ${replaces}`, 60, { align: 'right' });
  doc.font(FONTS.bold).fontSize(36).fillColor(INK)
    .text(zh.t('certification.pdf-title'), LEFT, 98, { width: WIDTH, align: 'center', characterSpacing: 8 });
  doc.font(FONTS.regular).fontSize(12.5).fillColor(QUIET)
    .text(en.t('certification.pdf-title'), LEFT, 155, { width: WIDTH, align: 'center', characterSpacing: 0.6 });
  const middle = PAGE.width / 2;
  doc.lineWidth(1).strokeColor(ACCENT).moveTo(middle - 60, 187).lineTo(middle + 60, 187).stroke();
}

export function drawStatement(doc: Document, snapshot: Snapshot): void {
  doc.font(FONTS.regular).fontSize(13).fillColor(INK).text(zh.t('certification.pdf-herewith'), LEFT, 202, { width: WIDTH });
  doc.font(FONTS.bold).fontSize(25).text(snapshot.name, LEFT, 222, { width: WIDTH, align: 'center', characterSpacing: 3 });
  const chinese = statement(snapshot, 'zh');
  // Long names of organisations and posts are set smaller, so that the page holds them.
  const dense = chinese.length > 90;
  doc.font(FONTS.regular).fontSize(dense ? 11 : 13).text(chinese, LEFT, 272, { width: WIDTH, lineGap: dense ? 3 : 7 });
  doc.font(FONTS.bold).fontSize(17)
    .text(zh.t('certification.pdf-permission', { date: plainDate(snapshot.mayStartOn, 'zh') }), LEFT, doc.y + (dense ? 4 : 8), { width: WIDTH, align: 'center' });
  const permission = en.t('certification.pdf-permission', { date: plainDate(snapshot.mayStartOn, 'en') });
  doc.font(FONTS.regular).fontSize(dense ? 8 : 9.5).fillColor(QUIET)
    .text(`${statement(snapshot, 'en')} ${permission}`, LEFT, doc.y + (dense ? 3 : 8), { width: WIDTH, lineGap: dense ? 1 : 3 });
}

function statement(snapshot: Snapshot, lang: 'zh' | 'en'): string {
  const { t } = lang === 'zh' ? zh : en;
  const { recruitmentNumber, organisation, post, programmeVersion: version } = snapshot;
  const about = { name: snapshot.name, organisation, post, version, programme: lang === 'zh' ? snapshot.programmeZh : snapshot.programmeEn };
  return recruitmentNumber === null
    ? t('certification.pdf-statement-unnumbered', about)
    : t('certification.pdf-statement', { ...about, number: recruitmentNumber });
}

export function drawFacts(doc: Document, snapshot: Snapshot): void {
  doc.y += 20;
  heading(doc, 'certification.pdf-requirements');
  for (const one of snapshot.requirements) requirementRow(doc, one);
  doc.y += 12;
  heading(doc, 'certification.pdf-dates');
  const until = snapshot.validUntil ? plainDate(snapshot.validUntil, 'zh') : both('certification.pdf-no-end');
  pairs(doc, ['certification.pdf-start-of-duty', plainDate(snapshot.startOfDuty, 'zh')], ['certification.pdf-issued', plainDate(snapshot.issuedOn, 'zh')]);
  pairs(doc, ['certification.pdf-may-start', plainDate(snapshot.mayStartOn, 'zh')], ['certification.pdf-valid-until', until]);
}

export function drawFoot(doc: Document, snapshot: Snapshot): void {
  // Long names of organisations push it down a little; below the frame it never gets.
  const top = Math.min(Math.max(652, doc.y + 10), 684);
  drawQr(doc, snapshot.checkAddress, LEFT - 10, top, 104);
  const beside = { x: LEFT + 102, width: 150 };
  small(doc, zh.t('certification.pdf-scan'), top + 10, beside);
  small(doc, en.t('certification.pdf-scan'), top + 25, beside);
  small(doc, both('certification.pdf-check-code'), top + 52, beside);
  doc.font(FONTS.bold).fontSize(15).fillColor(INK).text(snapshot.checkCode, beside.x, top + 65, { characterSpacing: 2.5, lineBreak: false });
  signature(doc, snapshot, top);
  small(doc, snapshot.checkAddress.split('?')[0] ?? '', Math.min(top + 120, 790), { align: 'left' });
}

/** The seal lies over issuer and date, as it is put by hand, and leaves both readable. */
function signature(doc: Document, { issuer, issuedOn }: Snapshot, top: number): void {
  const [x, width] = [LEFT + WIDTH - 176, 176];
  drawSeal(doc, { x: x + width / 2, y: top + 46, issuer, purpose: zh.t('certification.pdf-seal') });
  doc.font(FONTS.bold).fontSize(issuer.length > 15 ? 9.5 : 12.5).fillColor(INK).text(issuer, x - 20, top + 20, { width: width + 40, align: 'center' });
  doc.font(FONTS.regular).fontSize(12).text(plainDate(issuedOn, 'zh'), x, top + 86, { width, align: 'center' });
}

function requirementRow(doc: Document, one: Snapshot['requirements'][number]): void {
  const y = doc.y;
  doc.font(FONTS.regular).fontSize(11).fillColor(INK).text(requirementText(one, 'zh'), LEFT, y, { width: WIDTH - 100, lineGap: 2 });
  const below = doc.y;
  doc.text(plainDate(one.on, 'zh'), LEFT + WIDTH - 100, y, { width: 100, align: 'right' });
  doc.fontSize(9).fillColor(QUIET).text(requirementText(one, 'en'), LEFT, below, { width: WIDTH });
  doc.y += 7;
}

function requirementText({ kind, titleZh, titleEn, percent, cutScore, minutes }: Snapshot['requirements'][number], lang: 'zh' | 'en'): string {
  const { t } = lang === 'zh' ? zh : en;
  const title = lang === 'zh' ? titleZh : titleEn;
  if (kind === 'exam') return t('certification.pdf-exam', { title, percent: cutOff(percent ?? 0), cutScore: cutScore ?? 0 });
  return t('certification.pdf-course', { title, minutes: minutes ?? 0 });
}

function heading(doc: Document, key: 'certification.pdf-requirements' | 'certification.pdf-dates'): void {
  const y = doc.y;
  doc.font(FONTS.bold).fontSize(10).fillColor(ACCENT).text(both(key), LEFT, y, { width: WIDTH });
  doc.lineWidth(0.6).strokeColor(RULE).moveTo(LEFT, doc.y + 3).lineTo(LEFT + WIDTH, doc.y + 3).stroke();
  doc.y += 9;
}

type FactKey = 'certification.pdf-start-of-duty' | 'certification.pdf-may-start' | 'certification.pdf-issued' | 'certification.pdf-valid-until';

/** Two facts side by side, each with its name above. */
function pairs(doc: Document, ...facts: [FactKey, string][]): void {
  const y = doc.y;
  const column = WIDTH / facts.length;
  facts.forEach(([key, value], i) => {
    const x = LEFT + i * column;
    doc.font(FONTS.regular).fontSize(9).fillColor(QUIET).text(both(key), x, y, { width: column - 12 });
    doc.fontSize(11.5).fillColor(INK).text(value, x, doc.y + 1, { width: column - 12 });
  });
  doc.y += 6;
}

const both = (key: Parameters<typeof zh.t>[0]): string => `${zh.t(key)} ${en.t(key)}`;

/** Without the weekday, as papers write it. */
function plainDate(date: string, lang: 'zh' | 'en'): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  if (lang === 'zh') return `${year}年${month}月${day}日`;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(Date.UTC(year, month - 1, day));
}

function small(doc: Document, text: string, y: number, options: { x?: number; width?: number; align?: 'left' | 'right' }): void {
  doc.font(FONTS.regular).fontSize(9).fillColor(QUIET)
    .text(text, options.x ?? LEFT, y, { width: options.width ?? WIDTH, align: options.align ?? 'left', lineGap: 2 });
}
