import { inTransaction, insert } from '~/db';
import { newId } from '~/kernel/id';

/** A published programme that asks for a certificate from elsewhere, an event and a declaration. */
export async function aProgramme(): Promise<{ versionId: string }> {
  const [programmeId, versionId] = [newId(), newId()];
  const asked = [
    ['EXT', 'external', 'cert-a', { titleZh: '普通话证书', titleEn: 'Certificate' }],
    ['EVE', 'event', 'series-a', { titleZh: '岗前集中培训', titleEn: 'Classroom week' }],
    ['DEC', 'declaration', 'oath', { titleZh: '保密承诺', titleEn: 'Secrecy', textZh: '我承诺保守国家秘密。', textEn: 'I promise to keep secrets.' }],
  ] as const;
  await inTransaction(async (tx) => {
    await insert(tx, 'programmes', [{ id: programmeId, slug: `p-${programmeId}`, created_at: tx.now }]);
    await insert(tx, 'programme_versions', [{
      id: versionId, programme_id: programmeId, number: 1, state: 'published', title_zh: '岗前培训', title_en: 'Before work', gate: 'before-start-of-duty',
      due_rule: '{"kind":"before-start","workingDays":5}', applies_to: '{"kinds":["leader"]}', tree: '{"kind":"all"}', validity: '{"kind":"for-ever"}', effective_on: '2026-01-01',
      created_at: tx.now, created_by: 'system:a test', published_at: tx.now, published_by: 'system:a test',
    }]);
    await insert(tx, 'requirements', asked.map(([code, kind, target, params], position) => ({
      id: newId(), programme_version_id: versionId, code, position, kind, target, params: JSON.stringify(params),
    })));
  });
  return { versionId };
}

/** Gives an appointment the programme. @returns the assignment's id */
export async function anAssignment(versionId: string, given: { personId: string; appointmentId: string }): Promise<string> {
  const id = newId();
  await inTransaction((tx) => insert(tx, 'assignments', [{
    id, person_id: given.personId, appointment_id: given.appointmentId, programme_version_id: versionId, assigned_at: tx.now, due_on: '2026-06-24', start_of_duty: '2026-07-01',
  }]));
  return id;
}

/** The smallest files that are what they say. */
export const PDF = Buffer.from('%PDF-1.4\n%%EOF\n');
