import type { Reader, Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config, publicUrl } from '~/kernel/config';
import type { Assignment } from '../assignments.repository';
import type { StoredClearance } from '../clearances.repository';
import { checkAddress, newCheckCode, type Replacing, type Snapshot } from '../credential';
import { evidenceOf } from '../evidence.repository';
import { issuerFor, nextNumber } from './issuers.repository';
import { holderOf, printedProgramme, printedTitles, type PrintedTitle } from './printed.repository';
import { templateFor } from './templates.repository';

export interface Replaced {
  number: string;
  how: Replacing;
}

/** Everything that is printed, as it is now, under the next number of the issuer. */
export async function newSnapshot(tx: Tx, assignment: Assignment, cleared: StoredClearance, replaced: Replaced | null): Promise<Snapshot> {
  const holder = await holderOf(tx, assignment.id);
  const programme = await printedProgramme(tx, assignment.programme_version_id);
  if (!programme || cleared.mayStartOn === null) throw new Error(`assignment ${assignment.id} cannot be printed`);
  return {
    ...await numbered(tx, holder.organisation_path), name: holder.name, recruitmentNumber: holder.recruitment_number, organisation: holder.organisation, post: holder.post,
    programmeZh: programme.title_zh, programmeEn: programme.title_en, programmeVersion: programme.number, gate: programme.gate,
    requirements: await printedRequirements(tx, assignment, cleared),
    startOfDuty: cleared.startOfDuty, mayStartOn: cleared.mayStartOn, validFrom: cleared.mayStartOn, validUntil: cleared.until,
    replaces: replaced?.number ?? null, replacing: replaced?.how ?? 'revoked', template: await templateFor(tx, programme.programme_id),
  };
}

/** The same once more, with what was wrong put right; nothing else about it is looked up anew. */
export async function correctedSnapshot(tx: Tx, assignmentId: string, former: Snapshot, corrected: Partial<Pick<Snapshot, 'name' | 'recruitmentNumber' | 'organisation' | 'post'>>): Promise<Snapshot> {
  const { organisation_path: path } = await holderOf(tx, assignmentId);
  return { ...former, ...await numbered(tx, path), ...corrected, replaces: former.number, replacing: 'corrected' };
}

async function numbered(tx: Tx, organisationPath: string): Promise<Pick<Snapshot, 'number' | 'checkCode' | 'checkAddress' | 'issuer' | 'issuedOn'>> {
  const issuedOn = dateAt(tx.now, config().TIME_ZONE);
  const issuer = await issuerFor(tx, organisationPath);
  const number = await nextNumber(tx, issuer, Number(issuedOn.slice(0, 4)));
  const checkCode = newCheckCode();
  return { number, checkCode, checkAddress: checkAddress(publicUrl(), number, checkCode), issuer: issuer.name, issuedOn };
}

/** Only what was met: of alternatives, those that were shown. */
async function printedRequirements(from: Reader, assignment: Assignment, cleared: StoredClearance): Promise<Snapshot['requirements']> {
  const titles = new Map((await printedTitles(from, assignment.programme_version_id, assignment.person_id)).map((one) => [one.code, one]));
  const evidence = await evidenceOf(from, assignment.person_id);
  return cleared.requirements.filter(({ state }) => state === 'met').map(({ code, kind, targetId, evidenceRef, at }) => {
    const title = titles.get(code);
    const shown = evidence.find((one) => one.ref === evidenceRef);
    if (!title || at === null || (!shown && kind !== 'hours')) throw new Error(`requirement ${code} of ${assignment.id} lacks its evidence`);
    return {
      kind, ...worded(title, targetId), on: dateAt(at, config().TIME_ZONE), percent: shown?.facts.percent ?? null,
      cutScore: kind === 'exam' ? title.params.cutScore ?? shown?.facts.cutScore ?? null : null, minutes: kind === 'course' ? title.minutes : null,
      hundredths: kind === 'hours' ? title.params.hundredths ?? null : null,
    };
  });
}

const worded = ({ title_zh, title_en, params }: PrintedTitle, targetId: string): { titleZh: string; titleEn: string } =>
  ({ titleZh: title_zh ?? params.titleZh ?? targetId, titleEn: title_en ?? params.titleEn ?? params.titleZh ?? targetId });
