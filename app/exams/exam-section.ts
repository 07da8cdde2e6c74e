import { z } from 'zod';

/** Neighbouring lines of a blueprint that are worked on together (考试部分). */
export const ExamSection = z.object({
  title: z.object({ zh: z.string().min(1), en: z.string().min(1) }),
  /** How many lines of the blueprint belong to it. */
  lines: z.number().int().min(1),
  /** Time for this section alone; null: only the exam's own limit counts. */
  minutes: z.number().int().min(1).nullable(),
  /** Once left it cannot be entered again. */
  oneWay: z.boolean(),
});
export type ExamSection = z.infer<typeof ExamSection>;
