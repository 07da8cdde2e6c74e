import { servesIn } from '~/people';
import type { WaitingKind } from './kinds';

/** Where the things of one kind lie, and which of them somebody may settle. `$by` is the asker's account, `$self` their person. */
export interface Queue {
  from: string;
  /** Open, and neither asked for by the reader nor about them: what the use case would refuse is not in it. */
  where: string;
  /** Makes the condition of scope from a condition on an organisation's path. */
  scope: (reaches: (column: string) => string) => string;
  /** What the page of the decision is found by. */
  key: string;
  about: string;
  organisation: string;
  asker: string;
  at: string;
  reason: string;
}

const PLACE = `JOIN organisations o ON o.id = ap.organisation_id`;
const OF_ASSIGNMENT = `JOIN assignments a ON a.id = x.assignment_id JOIN appointments ap ON ap.id = a.appointment_id ${PLACE} JOIN persons p ON p.id = a.person_id`;
const here: Queue['scope'] = (reaches) => reaches('o.path');
const serves = (person: string, condition: string): string =>
  `EXISTS (SELECT 1 FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id WHERE ap.person_id = ${person} AND ap.ended_on IS NULL AND ${condition})`;
const asked = { key: 'x.id', about: 'p.name', organisation: 'o.name', asker: 'x.asked_by', at: 'x.asked_at', reason: 'x.reason' };
const IMPORT = { ...asked, from: 'FROM past_imports x JOIN organisations o ON o.id = x.organisation_id', scope: here, about: 'x.file_name', reason: 'x.source' };
const SYSTEM = `'system:certification'`;

export const QUEUES: Record<WaitingKind, Queue> = {
  'exception': {
    ...asked, scope: here, where: `x.state = 'open'`, asker: SYSTEM, at: 'x.found_at', reason: 'x.kind',
    from: `FROM assignment_exceptions x JOIN appointments ap ON ap.id = x.appointment_id ${PLACE} JOIN persons p ON p.id = x.person_id`,
  },
  'waiver': { ...asked, scope: here, from: `FROM waivers x ${OF_ASSIGNMENT}`, where: `x.state = 'asked' AND a.ended_at IS NULL AND x.asked_by <> $by AND x.person_id <> $self` },
  'extension': { ...asked, scope: here, from: `FROM extensions x ${OF_ASSIGNMENT}`, key: 'x.assignment_id', where: `x.state = 'asked' AND x.asked_by <> $by` },
  'start': {
    ...asked, scope: here, where: `x.state = 'proposed' AND x.asked_by <> $by AND x.person_id <> $self`,
    from: `FROM starts x JOIN appointments ap ON ap.id = x.appointment_id ${PLACE} JOIN persons p ON p.id = x.person_id`,
  },
  'credential': {
    ...asked, scope: here, where: `x.kind = 'revocation' AND x.state = 'asked' AND x.asked_by <> $by`,
    from: `FROM credential_acts x JOIN credentials c ON c.id = x.credential_id JOIN assignments a ON a.id = c.assignment_id
      JOIN appointments ap ON ap.id = a.appointment_id ${PLACE} JOIN persons p ON p.id = c.person_id`, reason: 'x.explanation',
  },
  'evidence': {
    ...asked, from: 'FROM external_evidence x JOIN persons p ON p.id = x.person_id', where: `x.state = 'asked' AND x.asked_by <> $by AND x.person_id <> $self`,
    scope: (reaches) => serves('x.person_id', reaches('o.path')), organisation: servesIn('x.person_id'), reason: 'x.title',
  },
  'excuse': {
    ...asked, where: `x.state = 'asked' AND x.person_id <> $self`, scope: here, organisation: servesIn('x.person_id'),
    from: `FROM excuses x JOIN bookings b ON b.id = x.booking_id JOIN sittings s ON s.id = b.sitting_id JOIN organisations o ON o.id = s.organisation_id
      JOIN persons p ON p.id = x.person_id`,
  },
  'transfer': {
    ...asked, scope: here, where: `x.state = 'proposed' AND x.asked_by <> $by AND x.person_id <> $self`,
    from: 'FROM transfers x JOIN organisations o ON o.id = x.organisation_id JOIN persons p ON p.id = x.person_id',
  },
  'merge': {
    ...asked, where: `x.state = 'proposed' AND x.asked_by <> $by AND x.survivor_id <> $self AND x.merged_id <> $self`,
    from: 'FROM person_merges x JOIN persons p ON p.id = x.survivor_id', organisation: servesIn('x.survivor_id'),
    // A record without an appointment is nobody's in particular: whoever may act on the other one may act on both.
    scope: (reaches) => `${serves('x.survivor_id', reaches('o.path'))} AND (${serves('x.merged_id', reaches('o.path'))}
      OR NOT EXISTS (SELECT 1 FROM appointments ap WHERE ap.person_id = x.merged_id AND ap.ended_on IS NULL))`,
  },
  'import': {
    ...IMPORT, where: `x.state = 'asked' AND x.asked_by <> $by AND NOT EXISTS (SELECT 1 FROM past_import_rows r WHERE r.import_id = x.id AND r.state = 'ready' AND r.person_id = $self)`,
  },
  'faulty-import': {
    ...IMPORT, at: 'x.created_at', where: `((x.state = 'checked' AND EXISTS (SELECT 1 FROM past_import_rows r WHERE r.import_id = x.id AND r.state = 'wrong'))
      OR (x.state = 'applying' AND EXISTS (SELECT 1 FROM outbox j WHERE j.status = 'failed' AND j.name = 'certification.past-import' AND j.payload = '{"importId":"' || x.id || '"}')))`,
  },
};
