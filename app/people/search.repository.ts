import { z } from 'zod';
import { containing, rows, type Params, type Reader } from '~/db';
import { within } from './organisation.repository';
import { APPOINTMENT_KINDS } from './person.repository';
import type { Sought } from './search';

const FoundRow = z.object({
  id: z.string(), name: z.string(), recruitment: z.string().nullable(), staff: z.string().nullable(), appointment_id: z.string(), kind: z.enum(APPOINTMENT_KINDS), post: z.string(),
  start_of_duty: z.string(), organisation: z.string(), account_state: z.enum(['invited', 'active', 'closed']).nullable(),
}).transform((row) => ({
  id: row.id, name: row.name, numbers: [row.recruitment, row.staff].filter((number) => number !== null), appointmentId: row.appointment_id, kind: row.kind, post: row.post,
  startOfDuty: row.start_of_duty, organisation: row.organisation, accountState: row.account_state ?? ('none' as const),
}));
export type FoundPerson = z.output<typeof FoundRow>;

/**
 * Ends every text that begins like another one, in the order of any language: no name and no number goes on like this. Where
 * the order of a language lets more through, the pattern beside it holds that back.
 */
const LAST = 'z'.repeat(20);
const from = (column: string, name: string): string => `${column} BETWEEN $${name} AND $${name}_last`;
const bounds = (name: string, begin: string): Params => ({ [name]: begin, [`${name}_last`]: begin + LAST });
const beginning = (text: string): string => containing(text).slice(1);

const numberOf = (kind: 'recruitment' | 'staff'): string => `(SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind = '${kind}')`;
const PLAIN = `lower(REPLACE(REPLACE(p.name, ' ', ''), '·', ''))`;

/** Once each, with the main appointment in scope; whose name begins as it was typed before those whose name only sounds like it. */
const listed = (people: string, scope: string): string => `SELECT * FROM (
    SELECT p.id, p.name, ${numberOf('recruitment')} AS recruitment, ${numberOf('staff')} AS staff, a.id AS appointment_id, a.kind, a.post, a.start_of_duty, o.name AS organisation, c.state AS account_state,
      CASE WHEN ${PLAIN} LIKE $begins ESCAPE '!' THEN 0 ELSE 1 END AS place_of_name,
      ROW_NUMBER() OVER (PARTITION BY p.id ORDER BY CASE WHEN a.nature = 'main' THEN 0 ELSE 1 END, a.start_of_duty DESC, a.id DESC) AS place
    FROM ${people} JOIN appointments a ON a.person_id = p.id JOIN organisations o ON o.id = a.organisation_id LEFT JOIN accounts c ON c.person_id = p.id
    WHERE a.ended_on IS NULL AND ${scope}) found
  WHERE place = 1 ORDER BY place_of_name, name, id LIMIT $limit`;

/**
 * People in scope whose name or number begins as it was typed, or whose name sounds so or has these first letters: by
 * indexes only, whatever the number of people.
 */
export function peopleBeginning(reader: Reader, sought: Sought, paths: readonly string[], limit: number): Promise<FoundPerson[]> {
  const scope = within('o.path', paths);
  const sources = [
    `SELECT person_id FROM person_likeness WHERE ${from('name_key', 'sounds')}`,
    ...(sought.initials === null ? [] : [`SELECT person_id FROM person_likeness WHERE ${from('initials', 'initials')} AND initials LIKE $initials_like ESCAPE '!'`]),
    `SELECT person_id FROM identifiers WHERE value IS NOT NULL AND ${from('lower(value)', 'number')} AND lower(value) LIKE $number_like ESCAPE '!'`,
  ];
  return rows(reader, FoundRow, listed(`(${sources.join(' UNION ')}) s JOIN persons p ON p.id = s.person_id`, scope.sql), {
    ...scope.params, ...bounds('sounds', sought.sounds), ...bounds('number', sought.number), number_like: beginning(sought.number), begins: beginning(sought.name), limit,
    ...(sought.initials !== null && { ...bounds('initials', sought.initials), initials_like: beginning(sought.initials) }),
  });
}

/** People in scope who have it somewhere in the name, its sound or a number: goes through all of them. */
export function peopleContaining(reader: Reader, sought: Sought, paths: readonly string[], limit: number): Promise<FoundPerson[]> {
  const scope = within('o.path', paths);
  const somewhere = `(${PLAIN} LIKE $name ESCAPE '!' OR EXISTS (SELECT 1 FROM person_likeness l WHERE l.person_id = p.id AND l.name_key LIKE $sounds ESCAPE '!')
    OR EXISTS (SELECT 1 FROM identifiers i WHERE i.person_id = p.id AND lower(i.value) LIKE $number ESCAPE '!'))`;
  return rows(reader, FoundRow, listed('persons p', `${scope.sql} AND ${somewhere}`), {
    ...scope.params, name: containing(sought.name), sounds: containing(sought.sounds), number: containing(sought.number), begins: beginning(sought.name), limit,
  });
}
