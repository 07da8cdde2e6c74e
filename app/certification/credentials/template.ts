import { z } from 'zod';

/** Colours that print well and that people tell apart; no others, so that a paper stays an official one. */
export const PALETTES = {
  teal: { accent: '#0c5a63', rule: '#b9c4c2' },
  red: { accent: '#9b1c1f', rule: '#d3bfbd' },
  blue: { accent: '#1d3f73', rule: '#bcc4d0' },
  ink: { accent: '#1c2322', rule: '#bdbdbd' },
} as const;
export const PALETTE_NAMES = ['teal', 'red', 'blue', 'ink'] as const satisfies (keyof typeof PALETTES)[];

export const ORIENTATIONS = ['portrait', 'landscape'] as const;

/** Facts that a template may leave out; the others are always printed, for without them nothing could be checked. */
export const OPTIONAL_FACTS = ['recruitment-number', 'post', 'requirements', 'start-of-duty', 'english'] as const;
export type OptionalFact = (typeof OPTIONAL_FACTS)[number];

/** A picture of the issuer, kept under the hash of its bytes. */
const Emblem = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), width: z.number().int().positive(), height: z.number().int().positive() });

const line = (max: number) => z.string().trim().max(max, 'field.too-long');

/** What the people who design a credential decide. Long texts are cut here, not on the paper. */
export const TemplateWords = z.object({
  titleZh: line(20).min(2, 'field.too-short'),
  titleEn: line(60).min(2, 'field.too-short'),
  openingZh: line(40).default(''),
  openingEn: line(80).default(''),
  sealLine: line(12).default(''),
  signatureZh: line(30).default(''),
  signatureEn: line(60).default(''),
  palette: z.enum(PALETTE_NAMES),
  orientation: z.enum(ORIENTATIONS),
  facts: z.array(z.enum(OPTIONAL_FACTS)).default([]),
});
export type TemplateWords = z.infer<typeof TemplateWords>;

export const TemplateContent = TemplateWords.extend({ emblem: Emblem.nullable() });
export type TemplateContent = z.infer<typeof TemplateContent>;

/** What everything is printed under until somebody designs another, and what was issued before there were templates. */
export const STANDARD: TemplateContent = {
  titleZh: '上岗资格证书', titleEn: 'Certificate of Permission to Start Work', openingZh: '兹证明', openingEn: '', sealLine: '上岗资格专用章',
  signatureZh: '', signatureEn: '', palette: 'teal', orientation: 'portrait', facts: [...OPTIONAL_FACTS], emblem: null,
};

/** Every character that a template puts on paper. */
export const textsOfTemplate = ({ titleZh, titleEn, openingZh, openingEn, sealLine, signatureZh, signatureEn }: TemplateContent): string[] =>
  [titleZh, titleEn, openingZh, openingEn, sealLine, signatureZh, signatureEn];
