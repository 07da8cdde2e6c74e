import { appendEvent, commitIfOk, reader, type Reader, type Tx } from '~/db';
import { listExams } from '~/exams';
import { authorise, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import type { Gate, Requirement, Tree } from '../requirement';
import {
  deleteDraft, findWritten, insertDraft, insertEmptyProgramme, markWithdrawn, replaceRequirements, updateDraft, versionsOf, type Ruling, type WrittenVersion,
} from './authoring.repository';
import { faultsOf, type Fault, type Surroundings } from './check-version';
import { courseIds, intakeIds, organisationIds, programmesInUse } from './surroundings.repository';
import { codesIn, groupsOf, writtenOut } from './tree';

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$/;

/** What a new programme says until somebody writes more: recruits, three working days before or twelve months after the start. */
const beginning = (gate: Gate, title: Ruling['title']): Ruling => ({
  title, gate, note: '', tree: { kind: 'all', of: [] }, validity: { kind: 'for-ever' },
  due: gate === 'before-start-of-duty' ? { kind: 'before-start', workingDays: 3 } : { kind: 'months-after-start', months: 12 },
  appliesTo: { kind: 'all', of: [{ kind: 'appointment', kinds: ['recruit'] }] },
});

const today = (): string => dateAt(clock.now(), config().TIME_ZONE);

/** Makes a programme with the draft of its first version. @returns the draft's id */
export async function createProgramme(actor: Actor, given: { slug: string; titleZh: string; titleEn: string; gate: Gate }): Promise<Result<string>> {
  authorise(actor, 'write programmes');
  if (!SLUG.test(given.slug)) return err('programme.slug-form', undefined, 'slug');
  return commitIfOk(async (tx) => {
    const programmeId = await insertEmptyProgramme(tx, given.slug);
    if (programmeId === null) return err('field.taken', undefined, 'slug');
    const draft = beginning(given.gate, { zh: given.titleZh, en: given.titleEn });
    const id = await insertDraft(tx, programmeId, 1, { ...draft, requirements: [], today: today(), by: actor.by });
    if (id === null) throw new Error('a new programme has a version already');
    await appendEvent(tx, { kind: 'programme.created', subject: { kind: 'programme', id: programmeId }, by: actor.by, body: { slug: given.slug, gate: given.gate } });
    return ok(id);
  });
}

/** Drafts the next version as a copy of the last. @returns the draft's id */
export async function draftVersion(actor: Actor, programmeId: string): Promise<Result<string>> {
  authorise(actor, 'write programmes');
  return commitIfOk(async (tx) => {
    const [last] = await versionsOf(tx, programmeId);
    if (!last) return err('not-found');
    if (last.state === 'draft') return err('programme.has-draft');
    const written = await findWritten(tx, last.id);
    if (!written) return err('not-found');
    const number = last.number + 1;
    const id = await insertDraft(tx, programmeId, number, { ...written, note: '', today: today(), by: actor.by });
    if (id === null) return err('programme.has-draft');
    await appendEvent(tx, { kind: 'programme.drafted', subject: { kind: 'programme', id: programmeId }, by: actor.by, body: { number, versionId: id } });
    return ok(id);
  });
}

const LARGEST = 40;
const DEEPEST = 4;

/** What an edit makes of a draft; what it leaves out stays. */
export type Edit = Partial<Ruling> & { requirements?: Requirement[] };

/** Changes a draft as somebody saw it at `version`; `edit` gets it as it is, or says why it cannot be done. */
export async function editDraft(actor: Actor, id: string, version: number, edit: (draft: WrittenVersion) => Result<Edit>): Promise<Result<null>> {
  authorise(actor, 'write programmes');
  return commitIfOk(async (tx) => {
    const draft = await findWritten(tx, id);
    if (!draft) return err('not-found');
    if (draft.state !== 'draft') return err('programme.not-draft');
    if (draft.version !== version) return err('conflict.changed');
    const edited = edit(draft);
    if (!edited.ok) return edited;
    return save(tx, draft, edited.value);
  });
}

async function save(tx: Tx, draft: WrittenVersion, { requirements, ...ruling }: Edit): Promise<Result<null>> {
  const next = { ...draft, ...ruling };
  // A requirement that no group holds any more is gone.
  const named = new Set(codesIn(writtenOut(next.tree, requirements ?? draft.requirements)));
  const kept = inOrder(next.tree, (requirements ?? draft.requirements).filter(({ code }) => named.has(code)));
  if (kept.length > LARGEST || groupsOf(next.tree).some(({ path }) => path.length >= DEEPEST)) return err('programme.too-large');
  if (await updateDraft(tx, draft.id, draft.version, next) === 0) return err('conflict.changed');
  await replaceRequirements(tx, draft.id, kept);
  return ok(null);
}

/** Requirements stand in the order in which the combination names them. */
function inOrder(tree: Tree, requirements: Requirement[]): Requirement[] {
  const order = codesIn(writtenOut(tree, requirements));
  return [...requirements].sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
}

export async function discardDraft(actor: Actor, id: string, version: number): Promise<Result<{ programmeId: string; programmeGone: boolean }>> {
  authorise(actor, 'write programmes');
  return commitIfOk(async (tx) => {
    const draft = await findWritten(tx, id);
    if (!draft) return err('not-found');
    if (draft.state !== 'draft') return err('programme.not-draft');
    if (!(await deleteDraft(tx, id, version))) return err('conflict.changed');
    await appendEvent(tx, { kind: 'programme.draft-discarded', subject: { kind: 'programme', id: draft.programmeId }, by: actor.by, body: { number: draft.number, titleZh: draft.title.zh } });
    return ok({ programmeId: draft.programmeId, programmeGone: draft.number === 1 });
  });
}

/** Nobody new is assigned a withdrawn version; whoever has it keeps it, and what was earned. */
export async function withdrawVersion(actor: Actor, id: string, version: number, reason: string): Promise<Result<null>> {
  authorise(actor, 'publish programmes');
  return commitIfOk(async (tx) => {
    const found = await findWritten(tx, id);
    if (!found) return err('not-found');
    if (found.state !== 'published') return err('programme.not-published');
    if (await markWithdrawn(tx, id, version) === 0) return err('conflict.changed');
    await appendEvent(tx, {
      kind: 'programme.withdrawn', subject: { kind: 'programme-version', id }, by: actor.by,
      body: { programmeId: found.programmeId, number: found.number, reason },
    });
    return ok(null);
  });
}

/** Everything about a version that cannot work. */
export async function checkVersion(from: Reader, version: WrittenVersion): Promise<Fault[]> {
  return faultsOf({ ...version, titleZh: version.title.zh, titleEn: version.title.en }, await surroundingsOf(from, version.programmeId));
}

async function surroundingsOf(from: Reader, programmeId: string): Promise<Surroundings> {
  const now = clock.now();
  const exams = await listExams(from);
  return {
    programmeId,
    courses: await courseIds(from), organisations: await organisationIds(from), intakes: await intakeIds(from), programmes: await programmesInUse(from),
    exams: new Map(exams.map((exam) => [exam.id, { ready: exam.bankId !== null, closed: exam.closesAt !== null && now >= exam.closesAt }])),
  };
}

/** A version for reading, with what is wrong with it. */
export async function openVersion(actor: Actor, id: string): Promise<Result<{ version: WrittenVersion; faults: Fault[] }>> {
  authorise(actor, 'see programmes');
  const version = await findWritten(reader(), id);
  return version ? ok({ version, faults: version.state === 'draft' ? await checkVersion(reader(), version) : [] }) : err('not-found');
}
