import { z } from 'zod';
import { maybeOne, type Reader } from '~/db';
import { APPOINTMENT_KINDS, NATURES } from '~/people';

const Row = z.object({
  id: z.string(), person_id: z.string(), kind: z.enum(APPOINTMENT_KINDS), nature: z.enum(NATURES), post: z.string(), rank: z.string().nullable(),
  path: z.string(), intake_id: z.string().nullable(), start_of_duty: z.string(), ended_on: z.string().nullable(),
}).transform((row) => ({
  id: row.id, personId: row.person_id, kind: row.kind, nature: row.nature, post: row.post, rank: row.rank, organisationPath: row.path,
  intakeId: row.intake_id, startOfDuty: row.start_of_duty, endedOn: row.ended_on,
}));

/** An appointment with all that a rule may ask about. */
export type KnownAppointment = z.infer<typeof Row>;

export const findAppointment = (from: Reader, id: string): Promise<KnownAppointment | null> =>
  maybeOne(from, Row, `SELECT ap.id, ap.person_id, ap.kind, ap.nature, ap.post, ap.rank, o.path, ap.intake_id, ap.start_of_duty, ap.ended_on
    FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id WHERE ap.id = $id`, { id });
