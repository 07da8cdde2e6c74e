import type { Bilingual } from '~/courses';
import { reader, type Reader } from '~/db';
import type { Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { findAssignment } from '../assignments.repository';
import { findVersion, requirementsOf } from '../programme.repository';
import { findHolder } from '../timeline.repository';
import { signersOf } from './posts.repository';
import { named, type NamedRequirement } from './titles.service';
import type { Waiver, WaiverState } from './waiver';
import { openWaiver } from './waiver.service';
import { countWaivers, listWaivers, WAIVERS_PER_PAGE, waiversOf, type WaiverFilter } from './waivers.repository';

/** A waiver with what it is about and who acted, for people to read. */
export interface ShownWaiver {
  waiver: Waiver;
  /** null: the whole clearance. */
  requirement: Bilingual | null;
  shownState: WaiverState | 'over';
  /** Sign-in names; null when the program did it. */
  asker: string | null;
  decider: string | null;
  revoker: string | null;
}

/** All waivers of an assignment with their whole story, the latest first. */
export async function waiverStories(from: Reader, assignmentId: string, requirements: readonly NamedRequirement[], today: string): Promise<ShownWaiver[]> {
  const waivers = await waiversOf(from, assignmentId);
  const signers = await signersOf(from, waivers.flatMap(({ askedBy, decidedBy, revokedBy }) => [askedBy, decidedBy, revokedBy]));
  return waivers.map((waiver) => shown(waiver, requirements, signers, today));
}

function shown(waiver: Waiver, requirements: readonly NamedRequirement[], signers: ReadonlyMap<string, string>, today: string): ShownWaiver {
  const by = (one: string | null) => (one === null ? null : signers.get(one) ?? null);
  const { requirementCode, state, validUntil, askedBy, decidedBy, revokedBy } = waiver;
  return {
    waiver, requirement: requirementCode === null ? null : requirements.find(({ code }) => code === requirementCode)?.title ?? { zh: requirementCode, en: requirementCode },
    shownState: state === 'granted' && validUntil < today ? 'over' : state, asker: by(askedBy), decider: by(decidedBy), revoker: by(revokedBy),
  };
}

const programmeOf = async (from: Reader, versionId: string): Promise<Bilingual> => {
  const version = await findVersion(from, versionId);
  return { zh: version?.title_zh ?? '', en: version?.title_en ?? '' };
};

/** One waiver for whoever may see it; null when there is none. @throws ProblemError */
export async function waiverPage(actor: Actor, waiverId: string) {
  const opened = await openWaiver(actor, waiverId);
  const assignment = opened && await findAssignment(reader(), opened.waiver.assignmentId);
  if (!assignment) return null;
  const { waiver, holder } = opened;
  const requirements = await named(reader(), await requirementsOf(reader(), assignment.programme_version_id));
  const signers = await signersOf(reader(), [waiver.askedBy, waiver.decidedBy, waiver.revokedBy]);
  return {
    ...shown(waiver, requirements, signers, dateAt(clock.now(), config().TIME_ZONE)),
    holder: { name: holder.name, organisation: holder.organisation, path: holder.path, post: holder.post, programme: await programmeOf(reader(), assignment.programme_version_id) },
  };
}

/** What a waiver can be asked for, and about whom; null when there is no such assignment. */
export async function waiverForm(from: Reader, assignmentId: string) {
  const assignment = await findAssignment(from, assignmentId);
  const holder = assignment && await findHolder(from, assignmentId);
  return holder && { holder, requirements: await named(from, await requirementsOf(from, assignment.programme_version_id)) };
}

export interface WaiverRow {
  id: string;
  name: string;
  organisation: string;
  post: string;
  programme: Bilingual;
  requirement: Bilingual | null;
  state: WaiverState | 'over';
  validFrom: string;
  validUntil: string;
  askedAt: Instant;
  asker: string | null;
}

/** A page of waivers, and how many wait for a decision in all. */
export async function listedWaivers(from: Reader, filter: WaiverFilter, asked: number) {
  const total = await countWaivers(from, filter);
  const pageCount = Math.max(1, Math.ceil(total / WAIVERS_PER_PAGE));
  const page = Math.min(Math.max(1, asked), pageCount);
  const found = await listWaivers(from, filter, page);
  const titles = new Map<string, NamedRequirement[]>();
  for (const { version_id: id } of found) if (!titles.has(id)) titles.set(id, await named(from, await requirementsOf(from, id)));
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const waivers = found.map((row): WaiverRow => ({
    id: row.id, name: row.name, organisation: row.organisation, post: row.post, programme: { zh: row.title_zh, en: row.title_en },
    requirement: row.requirement_code === null ? null : titles.get(row.version_id)?.find(({ code }) => code === row.requirement_code)?.title ?? null,
    state: row.state === 'granted' && row.valid_until < today ? 'over' : row.state,
    validFrom: row.valid_from, validUntil: row.valid_until, askedAt: row.asked_at, asker: row.asker,
  }));
  return { waivers, total, page, pageCount, waiting: await countWaivers(from, { ...filter, state: 'asked' }) };
}
