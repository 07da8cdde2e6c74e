import { createHash } from 'node:crypto';
import { appendEvent, commitIfOk, reader, type By, type Reader, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config, publicUrl } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { missingCharacters } from '~/pdf';
import { credentialAsSvg } from '../credential-pdf/svg';
import { renderPdf } from '../credential.service';
import type { Snapshot } from '../credential';
import { MAX_EMBLEM, readEmblem } from './emblem';
import { ROOT_PREFIX } from './issuer';
import { allIssuers } from './issuers.repository';
import { sampleSnapshot } from './sample';
import { STANDARD, textsOfTemplate, type TemplateContent, type TemplateWords } from './template';
import {
  findEmblem, findTemplate, insertTemplate, insertTemplateVersion, keepEmblem, retirePublished, saveDraft, setPublished, templateVersions, type Template, type TemplateVersion,
} from './templates.repository';

export interface TemplateWithVersions extends Template {
  versions: TemplateVersion[];
  draft: TemplateVersion | null;
  published: TemplateVersion | null;
}

/** A template with its versions, the newest first; null when there is none. */
export async function openTemplate(from: Reader, id: string): Promise<TemplateWithVersions | null> {
  const template = await findTemplate(from, id);
  if (!template) return null;
  const versions = await templateVersions(from, id);
  return { ...template, versions, draft: versions.find(({ state }) => state === 'draft') ?? null, published: versions.find(({ state }) => state === 'published') ?? null };
}

/** Makes a template with a first draft that looks as the program's own one. @returns its id */
export const makeTemplate = (by: By, name: string, programmeId: string | null): Promise<Result<string>> =>
  commitIfOk(async (tx) => {
    const id = await insertTemplate(tx, { name, programmeId, by });
    await insertTemplateVersion(tx, { templateId: id, number: 1, content: STANDARD, by });
    return ok(id);
  });

/** Makes a draft of what is published last; nothing happens when there is a draft. */
export const makeDraft = (by: By, templateId: string): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const template = await openTemplate(tx, templateId);
    const newest = template?.versions[0];
    if (!template || !newest) return err('not-found');
    if (!template.draft) await insertTemplateVersion(tx, { templateId, number: newest.number + 1, content: newest.content, by });
    return ok(null);
  });

/** A picture that was chosen, the wish for none, or nothing: then it stays. */
export type EmblemChoice = { png: Buffer } | 'none' | 'keep';

export interface DraftChange {
  version: number;
  words: TemplateWords;
  emblem: EmblemChoice;
}

/** Saves what was designed. Characters that cannot be printed are refused at once. */
export const changeDraft = (templateId: string, { version, words, emblem }: DraftChange): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const draft = (await openTemplate(tx, templateId))?.draft;
    if (!draft) return err('credential.template-no-draft');
    const chosen = await emblemOf(tx, draft.content.emblem, emblem);
    if (!chosen.ok) return chosen;
    const content: TemplateContent = { ...words, emblem: chosen.value };
    const missing = missingCharacters(textsOfTemplate(content).join(''));
    if (missing.length > 0) return err('credential.missing-characters', { characters: missing.join(' ') });
    return await saveDraft(tx, draft.id, version, content) > 0 ? ok(null) : err('credential.template-no-draft');
  });

async function emblemOf(tx: Tx, before: TemplateContent['emblem'], choice: EmblemChoice): Promise<Result<TemplateContent['emblem']>> {
  if (choice === 'keep') return ok(before);
  if (choice === 'none') return ok(null);
  if (choice.png.length > MAX_EMBLEM) return err('credential.emblem-too-large', undefined, 'emblem');
  const size = readEmblem(choice.png);
  if (!size) return err('credential.emblem-form', undefined, 'emblem');
  const sha256 = createHash('sha256').update(choice.png).digest('hex');
  await keepEmblem(tx, sha256, choice.png);
  return ok({ sha256, ...size });
}

/** Publishes the draft: credentials that are issued from now on look as it says, and it never changes again. @returns its number */
export const publishTemplate = (by: By, templateId: string, version: number): Promise<Result<number>> =>
  commitIfOk(async (tx) => {
    const draft = (await openTemplate(tx, templateId))?.draft;
    if (!draft) return err('credential.template-no-draft');
    await retirePublished(tx, templateId);
    if (await setPublished(tx, draft.id, version, by) === 0) return err('credential.template-no-draft');
    await appendEvent(tx, {
      kind: 'credential.template-published', subject: { kind: 'credential-template', id: templateId }, by, body: { version: draft.number },
    });
    return ok(draft.number);
  });

/** A credential of nobody that looks as `words` say, with the draft's emblem. */
async function sampleOf(template: TemplateWithVersions, words: TemplateWords, name: string): Promise<Snapshot> {
  const root = (await allIssuers(reader()))[0];
  const emblem = (template.draft ?? template.versions[0])?.content.emblem ?? null;
  const year = Number(dateAt(clock.now(), config().TIME_ZONE).slice(0, 4));
  return sampleSnapshot({ ...words, emblem }, { name, year, publicUrl: publicUrl(), issuer: root?.name ?? '发证单位', prefix: root?.prefix ?? ROOT_PREFIX });
}

/** The sample as an SVG; characters that the font of credentials lacks are named beside it. */
export async function previewSvg(template: TemplateWithVersions, words: TemplateWords, name: string): Promise<string> {
  const sample = await sampleOf(template, words, name);
  const emblem = sample.template?.content.emblem;
  return credentialAsSvg(sample, emblem ? await findEmblem(reader(), emblem.sha256) : null);
}

/** The sample as it would be printed, made in the rendering thread. @throws MissingCharactersError */
export const previewPdf = async (template: TemplateWithVersions, words: TemplateWords, name: string): Promise<Buffer> =>
  renderPdf({ snapshot: await sampleOf(template, words, name), issuedAt: 0 });

/** The characters of a sample that cannot be printed. */
export const missingInPreview = (words: TemplateWords, name: string): string[] =>
  missingCharacters([name, ...textsOfTemplate({ ...words, emblem: null })].join(''));
