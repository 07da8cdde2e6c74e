import { z } from 'zod';
import { rows, type Reader } from '~/db';
import { addDays, type PlainDate } from '~/kernel/calendar';

/** That somebody served somewhere and does so no longer. */
export interface FormerService {
  appointmentId: string;
  organisationPath: string;
  /** The last day there. */
  until: PlainDate;
}

const Row = z.object({ id: z.string(), path: z.string(), until: z.string(), moved: z.number() })
  .transform(({ id, path, until, moved }): FormerService => ({ appointmentId: id, organisationPath: path, until: moved === 1 ? addDays(until, -1) : until }));

/** Where a person served before: appointments that ended, and those that go on elsewhere. */
export const formerServicesOf = (from: Reader, personId: string): Promise<FormerService[]> =>
  rows(from, Row, `SELECT a.id, o.path, a.ended_on AS until, 0 AS moved FROM appointments a JOIN organisations o ON o.id = a.organisation_id
      WHERE a.person_id = $personId AND a.ended_on IS NOT NULL
    UNION ALL SELECT a.id, o.path, m.moved_on AS until, 1 AS moved FROM appointment_moves m JOIN appointments a ON a.id = m.appointment_id
      JOIN organisations o ON o.id = m.from_organisation_id WHERE a.person_id = $personId`, { personId });
