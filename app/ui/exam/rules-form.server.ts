import { z } from 'zod';
import { OBSERVATION_KINDS, type ExamSettings } from '~/exams';
import { instantAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';

/** A time in the deployment's zone, as browsers write it; absent: no bound. */
const LocalTime = z.string().refine((text) => instantAt(text, config().TIME_ZONE) !== null, 'field.date').optional();

const SectionRow = z.object({
  zh: z.string().trim().max(60).optional(),
  en: z.string().trim().max(60).optional(),
  lines: z.number().int().min(1).max(200).optional(),
  minutes: z.number().int().min(1).max(1440).optional(),
  oneWay: z.boolean().default(false),
}).superRefine((row, context) => {
  if (isEmpty(row)) return;
  for (const name of ['zh', 'en', 'lines'] as const) {
    if (row[name] === undefined) context.addIssue({ code: 'custom', message: 'field.required', path: [name] });
  }
});

/** A row that was left free, or cleared to take the section away; the tick alone makes none. */
const isEmpty = ({ zh, en, lines, minutes }: { zh?: string | undefined; en?: string | undefined; lines?: number | undefined; minutes?: number | undefined }): boolean =>
  zh === undefined && en === undefined && lines === undefined && minutes === undefined;

/** The form of an exam's rules. */
export const ExamRules = z.object({
  version: z.number().int(),
  delivery: z.enum(['open', 'sittings']),
  opensAt: LocalTime,
  closesAt: LocalTime,
  maxAttempts: z.number().int().min(1).max(20),
  coolingOffHours: z.number().int().min(0).max(8760),
  release: z.enum(['automatic', 'by-person']),
  toleranceSeconds: z.number().int().min(0).max(600),
  windowCutsExtra: z.boolean().default(false),
  ownTakeover: z.boolean().default(false),
  observed: z.array(z.enum(OBSERVATION_KINDS)).default([]),
  idleMinutes: z.number().int().min(1).max(240).optional(),
  sections: z.array(SectionRow).default([]),
});

/** What the form says, as the exam keeps it. */
export function settingsOf({ version: _, opensAt, closesAt, idleMinutes, sections, ...rest }: z.infer<typeof ExamRules>): ExamSettings {
  const at = (local: string | undefined) => (local === undefined ? null : instantAt(local, config().TIME_ZONE));
  return {
    ...rest, opensAt: at(opensAt), closesAt: at(closesAt), idleMinutes: idleMinutes ?? null,
    sections: sections.filter((row) => !isEmpty(row)).map(({ zh = '', en = '', lines = 0, minutes, oneWay }) => ({ title: { zh, en }, lines, minutes: minutes ?? null, oneWay })),
  };
}
