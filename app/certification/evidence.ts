import { z } from 'zod';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { RequirementKind } from './requirement';

export const EVIDENCE_KINDS = ['course-completion', 'exam-result', 'credential', 'hours', 'event-attendance', 'external', 'declaration'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** What kind of evidence can satisfy a requirement. */
export const SHOWN_BY: Record<RequirementKind, EvidenceKind> = {
  course: 'course-completion', exam: 'exam-result', credential: 'credential', hours: 'hours', event: 'event-attendance',
  external: 'external', declaration: 'declaration',
};

/** Figures and codes that belong to a piece of evidence. Those named here mean something; others are for people to read. */
export const Facts = z.looseObject({
  percent: z.number().optional(), cutScore: z.number().optional(), attempt: z.number().optional(),
  /** hours: how many, in hundredths of an hour. */
  hundredths: z.number().optional(),
  /** How often it was changed since it was first recorded: the highest counts. */
  revision: z.number().optional(),
  /** Annulled: it was never shown. */
  void: z.boolean().optional(),
});
export type Facts = z.infer<typeof Facts>;

/** Something that happened and counts: a completed course, a released result. `ref` names it in its own room. */
export interface Evidence {
  kind: EvidenceKind;
  ref: string;
  targetId: string;
  passed: boolean;
  /** When it took effect: the completion, the release of the result. */
  at: Instant;
  /** The last day on which it counts; none: for ever. */
  validUntil?: PlainDate | null | undefined;
  facts: Facts;
}
