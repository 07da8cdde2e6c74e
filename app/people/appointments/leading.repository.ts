/**
 * Of somebody's appointments the one under which they stand in a list where they stand once: the main one before what is held beside
 * it, then the latest. For ORDER BY; `a` is the name of the appointments there.
 */
export const leadingFirst = (a: string): string => `CASE ${a}.nature WHEN 'main' THEN 0 WHEN 'concurrent' THEN 1 ELSE 2 END, ${a}.start_of_duty DESC, ${a}.id DESC`;

/** A column: the organisation in which a person serves. `person` is a column with the person's id. */
export const servesIn = (person: string): string => `(SELECT lo.name FROM appointments la JOIN organisations lo ON lo.id = la.organisation_id
  WHERE la.person_id = ${person} AND la.ended_on IS NULL ORDER BY ${leadingFirst('la')} LIMIT 1)`;
