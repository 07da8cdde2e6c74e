import { createProgramme, editDraft, findWritten, previewReach, publishVersion, type Requirement } from '~/certification';
import { reader } from '~/db';
import type { Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must, ok } from '~/kernel/result';

const REQUIREMENTS: Requirement[] = [
  {
    code: 'declaration', kind: 'declaration', targetId: 'integrity-pledge',
    params: {
      titleZh: '廉洁从政承诺书', titleEn: 'Pledge of integrity',
      textZh: '本人承诺：遵守法律法规和政务纪律，依法履职，保守秘密，不以公权谋私利，自觉接受监督。',
      textEn: 'I pledge to keep the law and the discipline of public service, to act within my powers, to keep confidences, to seek no private gain from public office, and to accept supervision.',
    },
  },
  { code: 'event', kind: 'event', targetId: 'induction', params: { titleZh: '新录用人员初任培训班', titleEn: 'Induction course for recruits' } },
  { code: 'hours', kind: 'hours', targetId: 'all', params: { hundredths: 4000, window: { kind: 'months', months: 12 } } },
];

/** The second programme of the demonstration: what recruits fulfil in their probation, in one of two ways. */
export async function confirmationProgramme(administrator: Actor): Promise<void> {
  const id = must(await createProgramme(administrator, { slug: 'before-confirmation', titleZh: '试用期转正定级培训', titleEn: 'Training before confirmation of rank', gate: 'before-confirmation' }));
  must(await editDraft(administrator, id, 1, () => ok({
    requirements: REQUIREMENTS, note: '试用期内完成初任培训，或积满规定学时。',
    tree: { kind: 'all', of: [{ kind: 'requirement', code: 'declaration' }, { kind: 'any', of: [{ kind: 'requirement', code: 'event' }, { kind: 'requirement', code: 'hours' }] }] },
  })));
  const draft = await findWritten(reader(), id);
  if (!draft) throw new Error('the draft vanished');
  const effectiveOn = dateAt(clock.now(), config().TIME_ZONE);
  must(await publishVersion(administrator, id, { version: draft.version, effectiveOn, seen: await previewReach(reader(), draft, effectiveOn) }));
}
