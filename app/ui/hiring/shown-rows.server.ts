import type { HiringRow } from '~/exchange';
import type { Text } from '~/text';
import { wordAnswer } from '~/text/hiring-words';
import type { ShownRow } from './people-table';

/** Rows as a page shows them, worded. */
export const shownRows = (rows: readonly HiringRow[], text: Text): ShownRow[] =>
  rows.map((row) => ({
    line: row.line, name: row.name, number: row.number, organisation: row.organisation, post: row.post, startOn: row.startOn, status: row.status,
    assignmentId: row.answer.assignmentId, says: wordAnswer(text, row.answer, { otherName: row.knownName, startedOn: row.startedOn }),
  }));
