import type { Bilingual } from '~/courses';
import type { Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { RequirementOutcome } from '../clearance';
import { findVersion, requirementsOf } from '../programme.repository';
import type { Ground, GroundProgramme } from './ground';
import { named } from './titles.service';

/** What a start rested on, or what is missing for one, for people to read. */
export interface ShownGround {
  on: PlainDate;
  programmes: (Omit<GroundProgramme, 'requirements'> & { title: Bilingual; requirements: (RequirementOutcome & { title: Bilingual })[] })[];
}

/** The ground with the names of programmes and requirements. Those names are today's; everything else is as it was. */
export async function shownGround(from: Reader, { on, programmes }: Ground): Promise<ShownGround> {
  const shown: ShownGround['programmes'] = [];
  for (const { requirements, ...programme } of programmes) {
    const version = await findVersion(from, programme.programmeVersionId);
    const titles = new Map((await named(from, await requirementsOf(from, programme.programmeVersionId))).map(({ code, title }) => [code, title]));
    shown.push({
      ...programme, title: { zh: version?.title_zh ?? '', en: version?.title_en ?? '' },
      requirements: requirements.map((one) => ({ ...one, title: titles.get(one.code) ?? { zh: one.code, en: one.code } })),
    });
  }
  return { on, programmes: shown };
}

/** Only what stands in the way: programmes that do not permit, with what is not met. */
export async function missingIn(from: Reader, ground: Ground): Promise<ShownGround> {
  const { on, programmes } = await shownGround(from, ground);
  return { on, programmes: programmes.filter(({ permitted }) => !permitted).map((one) => ({ ...one, requirements: one.requirements.filter(({ state }) => state !== 'met') })) };
}
