import type { Reader } from '~/db';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { judgeAll } from '../known';
import { assignmentsKnown } from '../known.repository';
import { outlookOf, type Outlook } from './outlook.service';
import { named } from './titles.service';
import type { Bilingual } from '~/courses';

export interface TitledOutlook extends Outlook {
  /** What the requirements are called, by their codes. */
  titles: Record<string, Bilingual>;
}

/** What lies ahead of a person, for each live assignment that is not cleared. */
export async function outlooksOf(from: Reader, personId: string, now: Instant): Promise<Record<string, TitledOutlook>> {
  const zone = config().TIME_ZONE;
  const known = (await assignmentsKnown(from, [personId])).get(personId) ?? [];
  const found: Record<string, TitledOutlook> = {};
  for (const judged of judgeAll(known, dateAt(now, zone), zone).values()) {
    if (judged.assignment.endedAt !== null) continue;
    const outlook = await outlookOf(from, judged, now);
    if (outlook) found[judged.assignment.id] = { ...outlook, titles: await titlesOf(from, judged.assignment.input.requirements) };
  }
  return found;
}

export const titlesOf = async (from: Reader, requirements: Parameters<typeof named>[1]): Promise<Record<string, Bilingual>> =>
  Object.fromEntries((await named(from, requirements)).map(({ code, title }) => [code, title]));
