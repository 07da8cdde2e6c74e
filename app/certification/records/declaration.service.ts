import { appendEvent, commitIfOk, reader, type Reader } from '~/db';
import { authorise, confirmPassword, type Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { findPerson } from '~/people';
import type { Lang } from '~/text';
import { count } from './counting.service';
import { isOwnName, textHash, type DeclarationText } from './declaration';
import { findDeclaration, insertDeclaration, type Declaration } from './declaration.repository';
import { declarationsAsked, findDeclarationAsked } from './targets.repository';

export interface DeclarationPage {
  personId: string;
  name: string;
  text: DeclarationText;
  hash: string;
  /** How it was signed; null while it was not. */
  signed: Declaration | null;
}

/** One's own declaration: the text to sign, or what was signed. Null when nothing of the kind is asked. @throws ProblemError */
export async function openDeclaration(actor: Actor, assignmentId: string, code: string): Promise<DeclarationPage | null> {
  return pageOf(reader(), actor, assignmentId, code);
}

async function pageOf(from: Reader, actor: Actor, assignmentId: string, code: string): Promise<DeclarationPage | null> {
  const asked = await findDeclarationAsked(from, assignmentId, code);
  if (!asked) return null;
  authorise(actor, 'sign a declaration', { personId: asked.person_id });
  const person = await findPerson(from, asked.person_id);
  if (!person) return null;
  const signed = await findDeclaration(from, assignmentId, code);
  if (!signed && asked.ended_at !== null) return null;
  const { titleZh = asked.target, titleEn = titleZh, textZh = '', textEn = textZh } = asked.params;
  // What was signed stays what it was.
  const text = signed ?? { code: asked.target, titleZh, titleEn, textZh, textEn };
  return { personId: person.id, name: person.name, text, hash: signed?.textHash ?? textHash(text), signed };
}

export interface Signature {
  assignmentId: string;
  code: string;
  /** The hash of the text that was on the screen. */
  hash: string;
  name: string;
  password: string;
  lang: Lang;
  address: string;
}

/** Signs: the own name, the own password, and exactly the text that was read. Signed twice, the first one stays. */
export async function signDeclaration(actor: Actor, given: Signature): Promise<Result<null>> {
  const page = await openDeclaration(actor, given.assignmentId, given.code);
  if (!page) return err('not-found');
  if (page.signed) return ok(null);
  if (page.hash !== given.hash) return err('records.text-changed');
  if (!isOwnName(given.name, page.name)) return err('records.own-name', undefined, 'name');
  const known = await confirmPassword(actor, given);
  if (!known.ok) return known;
  return commitIfOk(async (tx) => {
    const now = await pageOf(tx, actor, given.assignmentId, given.code);
    if (!now) return err('not-found');
    if (now.signed) return ok(null);
    if (now.hash !== given.hash) return err('records.text-changed');
    const { code, titleZh, titleEn, textZh, textEn } = now.text;
    const id = newId();
    const signed = await insertDeclaration(tx, {
      id, personId: now.personId, assignmentId: given.assignmentId, requirementCode: given.code, code, titleZh, titleEn, textZh, textEn, textHash: now.hash,
      lang: given.lang, signedName: given.name.trim(), signedBy: actor.by,
    });
    if (!signed) return ok(null);
    await appendEvent(tx, {
      kind: 'declaration.signed', subject: { kind: 'declaration', id }, personId: now.personId, by: actor.by, cause: 'person',
      body: { code, assignmentId: given.assignmentId, textHash: now.hash, lang: given.lang }, personal: { name: given.name.trim() },
    });
    await count(tx, now.personId, { kind: 'declaration', ref: id, targetId: code, passed: true, at: tx.now, validUntil: null, facts: {} }, { by: actor.by, cause: 'person' });
    return ok(null);
  });
}

export interface AskedDeclaration {
  assignmentId: string;
  code: string;
  titleZh: string;
  titleEn: string;
  signedAt: Instant | null;
}

/** What a person is asked to declare, and what they have declared. */
export async function declarationsOf(from: Reader, personId: string): Promise<AskedDeclaration[]> {
  return (await declarationsAsked(from, personId)).map(({ assignment_id: assignmentId, code, params, signed_at: signedAt }) => ({
    assignmentId, code, titleZh: params.titleZh ?? code, titleEn: params.titleEn ?? params.titleZh ?? code, signedAt,
  }));
}
