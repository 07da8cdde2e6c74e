import {
  applyVersion, createProgramme, discardDraft, draftVersion, editDraft, findWritten, previewReach, publishVersion, type Edit, type Requirement,
} from '~/certification';
import { reader } from '~/db';
import type { Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { must, ok } from '~/kernel/result';
import type { City } from './certification';

let made = 0;

/** The draft of a programme's first version: the recruits' course, before the start of duty, unless `edit` says otherwise. */
export async function aDraft(actor: Actor, city: City, edit: Edit = {}): Promise<string> {
  made += 1;
  const id = must(await createProgramme(actor, { slug: `programme-${made}`, titleZh: `项目 ${made}`, titleEn: `Programme ${made}`, gate: edit.gate ?? 'before-start-of-duty' }));
  await change(actor, id, { requirements: [courseOf(city)], tree: { kind: 'all' }, ...edit });
  return id;
}

export const courseOf = (city: City): Requirement => ({ code: 'course', kind: 'course', targetId: city.course.id });
export const examOf = (city: City): Requirement => ({ code: 'exam', kind: 'exam', targetId: city.exam.id });

export async function change(actor: Actor, id: string, edit: Edit): Promise<void> {
  must(await editDraft(actor, id, (await findWritten(reader(), id))?.version ?? 0, () => ok(edit)));
}

/** Publishes a draft with the numbers as they are, and runs its job unless told not to. */
export async function publish(actor: Actor, id: string, given: { on?: string; run?: boolean } = {}): Promise<void> {
  const draft = await findWritten(reader(), id);
  if (!draft) throw new Error('no such draft');
  const effectiveOn = given.on ?? dateAt(clock.now(), 'Asia/Shanghai');
  must(await publishVersion(actor, id, { version: draft.version, effectiveOn, seen: await previewReach(reader(), draft, effectiveOn) }));
  if (given.run ?? true) await applyVersion(id);
}

/** The next version of a published one, published too. */
export async function nextVersion(actor: Actor, versionId: string, edit: Edit): Promise<string> {
  const programmeId = (await findWritten(reader(), versionId))?.programmeId ?? '';
  const id = must(await draftVersion(actor, programmeId));
  await change(actor, id, edit);
  return id;
}

export { discardDraft };
