import { z } from 'zod';
import { rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { Directory } from './directory';

const UnitRow = z.object({ id: z.string(), name: z.string(), path: z.string() });
const HeldRow = z.object({ person_id: z.string(), organisation_id: z.string() })
  .transform(({ person_id: personId, organisation_id: organisationId }) => ({ personId, organisationId }));

/** Who answers for whom on a day: leaders in office, and personnel officers with an open account. Three queries. */
export async function directoryOn(from: Reader, day: PlainDate): Promise<Directory> {
  return new Directory({
    units: await rows(from, UnitRow, 'SELECT id, name, path FROM organisations'),
    leaders: await rows(from, HeldRow, `SELECT DISTINCT person_id, organisation_id FROM appointments
      WHERE kind = 'leader' AND start_of_duty <= $day AND ended_on IS NULL`, { day }),
    hr: await rows(from, HeldRow, `SELECT DISTINCT c.person_id, r.organisation_id FROM roles r JOIN accounts c ON c.id = r.account_id
      WHERE r.role = 'hr' AND c.person_id IS NOT NULL AND c.state <> 'closed'`),
  });
}
