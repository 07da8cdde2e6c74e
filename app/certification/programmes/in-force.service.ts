import type { Bilingual } from '~/courses';
import type { Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { currentVersions, requirementsOfAll } from '../programme.repository';
import type { Gate, RequirementKind } from '../requirement';
import { named } from '../starts/titles.service';
import { programmeSlugs } from './slugs.repository';

/** A programme in the version that is in force. */
export interface ProgrammeInForce {
  slug: string;
  title: Bilingual;
  gate: Gate;
  version: number;
  effectiveOn: PlainDate;
  requirements: { code: string; kind: RequirementKind; title: Bilingual }[];
}

/** Every programme that is in force on `today`, by slug. */
export async function programmesInForce(from: Reader, today: PlainDate): Promise<ProgrammeInForce[]> {
  const versions = await currentVersions(from, today);
  const [slugs, requirements] = [await programmeSlugs(from), await requirementsOfAll(from, versions.map(({ id }) => id))];
  const found: ProgrammeInForce[] = [];
  for (const { id, programme_id: programmeId, title_zh: zh, title_en: en, gate, number: version, effective_on: effectiveOn } of versions) {
    const titled = await named(from, requirements.get(id) ?? []);
    found.push({ slug: slugs.get(programmeId) ?? '', title: { zh, en }, gate, version, effectiveOn, requirements: titled.map(({ code, kind, title }) => ({ code, kind, title })) });
  }
  return found.sort((a, b) => (a.slug < b.slug ? -1 : 1));
}
