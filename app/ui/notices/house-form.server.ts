import { z } from 'zod';
import { AUDIENCES, House, OPTIONAL_CATEGORIES, RUNGS, URGENT_IN_QUIET } from '~/notices';

type RungName = `${(typeof RUNGS)[number]}`;
const Steps = z.array(z.enum(RUNGS.map((rung): RungName => `${rung}`))).default([]);
const Audience = z.enum(AUDIENCES);

/** The rules as they are posted: steps by their names, and `version`, the mark of the rules that were on the page. */
const Posted = z.object({
  version: z.string(), quietFrom: z.string(), quietUntil: z.string(), urgentInQuiet: z.enum(URGENT_IN_QUIET), digestHour: z.number().int().min(0).max(23), weeklyOn: z.number().int().min(1).max(5),
  ladders: z.object({ course: Steps, exam: Steps, credential: Steps, hours: Steps, event: Steps, external: Steps, declaration: Steps }),
  audience: z.object({ overdue1: Audience, overdue7: Audience, overdue14: Audience }),
  optional: z.array(z.enum(OPTIONAL_CATEGORIES)).default([]), paper: z.boolean().default(false), paperAfterDays: z.number().int().min(0).max(60),
});

/** What the rules themselves demand is said beside the field that breaks it. */
export const HouseFields = Posted.superRefine((posted, context) => {
  for (const { path, message } of House.safeParse(houseOf(posted)).error?.issues ?? []) context.addIssue({ code: 'custom', path, message });
});

/** The rules as they are kept. */
export function houseOf({ version: _, ladders, ...rest }: z.infer<typeof Posted>): House {
  const steps = (names: readonly RungName[]) => RUNGS.filter((rung) => names.includes(`${rung}`));
  return {
    ...rest,
    ladders: {
      course: steps(ladders.course), exam: steps(ladders.exam), credential: steps(ladders.credential), hours: steps(ladders.hours),
      event: steps(ladders.event), external: steps(ladders.external), declaration: steps(ladders.declaration),
    },
  };
}

/** The rules as the form shows them. */
export function fieldsOf({ ladders, ...rest }: House) {
  const names = (rungs: House['ladders']['course']) => rungs.map((rung): RungName => `${rung}`);
  return {
    ...rest,
    ladders: {
      course: names(ladders.course), exam: names(ladders.exam), credential: names(ladders.credential), hours: names(ladders.hours),
      event: names(ladders.event), external: names(ladders.external), declaration: names(ladders.declaration),
    },
  };
}
