import { addJobs, inTransaction, reader, type Reader } from '~/db';
import { findOrganisation } from '~/people';
import { dateAt } from '~/kernel/calendar';
import { clock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { isAsked } from '../gaps.repository';
import { currentVersions } from '../programme.repository';
import { inUse } from './authoring.repository';
import { countEnding, countStarting, endingIn, startingIn, type Placing } from './align.repository';

const STEP = 200;

/**
 * Brings what is assigned in line after an organisation has got another place: asks, by the outbox, for those alone in its
 * subtree whom a rule touches now and did not before, or the other way round. May run any number of times.
 */
export async function alignBeneath(organisationId: string): Promise<void> {
  const organisation = await findOrganisation(reader(), organisationId);
  if (!organisation) return;
  const placing = { from: organisation.path, to: organisation.path };
  for (const ids of await outOfPlace(reader(), placing, clock.now())) {
    for (let at = 0; at < ids.length; at += STEP) await ask(ids.slice(at, at + STEP));
  }
}

const ask = (ids: readonly string[]): Promise<void> => inTransaction(async (tx) => {
  const fresh: string[] = [];
  for (const appointmentId of ids) if (!(await isAsked(tx, 'people.appointed', { appointmentId }))) fresh.push(appointmentId);
  await addJobs(tx, fresh.map((appointmentId) => ({ name: 'people.appointed', payload: { appointmentId } })));
});

async function outOfPlace(from: Reader, placing: Placing, now: Instant): Promise<string[][]> {
  const found: string[][] = [];
  for (const version of await currentVersions(from, dateAt(now, config().TIME_ZONE))) {
    found.push(await startingIn(from, { programmeId: version.programme_id, appliesTo: version.applies_to }, placing));
  }
  for (const version of await inUse(from)) found.push(await endingIn(from, { ...version, versionId: version.id }, placing));
  return found;
}

/** What a move or a merger would do to one programme's assignments. */
export interface PlacingEffect {
  title: { zh: string; en: string };
  /** How many would be assigned it. */
  starts: number;
  /** How many assignments would end. */
  ends: number;
}

/** What would change if the subtree stood elsewhere. Programmes for which nothing changes are left out. */
export async function placingEffects(from: Reader, placing: Placing, now: Instant): Promise<PlacingEffect[]> {
  const effects = new Map<string, PlacingEffect>();
  const effect = (id: string, title: PlacingEffect['title']): PlacingEffect => {
    const known = effects.get(id) ?? { title, starts: 0, ends: 0 };
    effects.set(id, known);
    return known;
  };
  for (const version of await currentVersions(from, dateAt(now, config().TIME_ZONE))) {
    const starts = await countStarting(from, { programmeId: version.programme_id, appliesTo: version.applies_to }, placing);
    if (starts > 0) effect(version.programme_id, { zh: version.title_zh, en: version.title_en }).starts += starts;
  }
  for (const version of await inUse(from)) {
    const ends = await countEnding(from, { ...version, versionId: version.id }, placing);
    if (ends > 0) effect(version.programmeId, version.title).ends += ends;
  }
  return [...effects.values()];
}
