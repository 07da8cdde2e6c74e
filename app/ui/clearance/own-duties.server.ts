import { myDuties, outlooksOf, ownRenewals, startsOfAppointment, waiversOf, type Duty, type ShownStart, type Waiver } from '~/certification';
import { reader } from '~/db';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { Lang } from '~/text';

type Outlooks = Awaited<ReturnType<typeof outlooksOf>>;

export interface OwnDuty {
  duty: Duty;
  /** Nothing is to be done: cleared with a credential that is valid, and for starting work started. */
  settled: boolean;
  outlook: Outlooks[string] | null;
  starts: ShownStart[];
  /** Those that are asked for or in force. */
  waivers: (Pick<Waiver, 'id' | 'state' | 'validFrom' | 'validUntil' | 'conditions'> & { requirement: string | null })[];
}

/** What somebody must do, what must be done first on top, with what stands beside each. */
export async function ownDuties(personId: string, now: Instant, lang: Lang): Promise<OwnDuty[]> {
  const today = dateAt(now, config().TIME_ZONE);
  const from = reader();
  const outlooks = await outlooksOf(from, personId, now);
  const found: OwnDuty[] = [];
  for (const duty of await myDuties(from, personId, now)) {
    const { assignmentId, requirements } = duty;
    const waivers = (await waiversOf(from, assignmentId)).filter((one) => (one.state === 'asked' || one.state === 'granted') && one.validUntil >= today);
    const starts = duty.gate === 'before-start-of-duty' ? await startsOfAppointment(from, duty.appointmentId) : [];
    found.push({
      duty, settled: isSettled(duty, starts), starts, outlook: outlooks[assignmentId] ?? null,
      waivers: waivers.map(({ id, state, validFrom, validUntil, conditions, requirementCode }) => ({
        id, state, validFrom, validUntil, conditions, requirement: requirements.find(({ code }) => code === requirementCode)?.title[lang] ?? null,
      })),
    });
  }
  return found.sort(urgentFirst);
}

export type ShownRenewal = Omit<Awaited<ReturnType<typeof ownRenewals>>[number], 'title' | 'law'> & { title: string; law: string | null };

/** What ends soon or may be renewed, for the first screen. A renewal that the page is headed with already is not told twice. */
export async function shownRenewals(personId: string, now: Instant, lang: Lang, first: OwnDuty | undefined): Promise<ShownRenewal[]> {
  const found = await ownRenewals(reader(), personId, now);
  return found.filter(({ by, law }) => law !== null || by === null || by.assignmentId !== first?.duty.assignmentId)
    .map(({ title, law, ...one }) => ({ ...one, title: title[lang], law: law?.[lang] ?? null }));
}

/** What is settled comes last, what starting work hangs on first, then what is open; the nearest due date first. */
const urgentFirst = (a: OwnDuty, b: OwnDuty): number =>
  Number(a.settled) - Number(b.settled) || Number(ofStart(b)) - Number(ofStart(a))
  || Number(a.duty.status === 'cleared') - Number(b.duty.status === 'cleared') || (a.duty.dueOn < b.duty.dueOn ? -1 : a.duty.dueOn > b.duty.dueOn ? 1 : 0);

const ofStart = ({ duty }: OwnDuty): boolean => duty.gate === 'before-start-of-duty';

const isSettled = ({ status, gate, credential }: Duty, starts: OwnDuty['starts']): boolean =>
  status === 'cleared' && credential?.state === 'valid' && (gate !== 'before-start-of-duty' || starts.some(({ start }) => start.state === 'recorded'));
