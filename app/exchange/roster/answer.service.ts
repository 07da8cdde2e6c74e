import type { By, Tx } from '~/db';
import type { Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { entryOf } from './apply.service';
import { FactFinder } from './facts.service';
import { fingerprint } from './judged';
import { judge } from './judge';
import { onRoster } from './open.service';
import type { Roster } from './rosters.repository';
import { answerRest, findRow, rejudge, setAnswer, type Answer, type RosterRow } from './rows.repository';

export interface Decision {
  line: number;
  answer: Answer;
  /** Who it is, for a row that looks like somebody. */
  personId: string | null;
}

/** Decides what a row asks: whether it is somebody known, whether a known person has this new name, or that it is left out. */
export const answerRow = (actor: Actor, id: string, given: Decision): Promise<Result<null>> => onRoster(actor, id, async (tx, roster) => {
  const row = await findRow(tx, id, given.line);
  if (!row?.question || roster.state !== 'checked') return err('roster.state');
  const fits = fitting(row, given);
  if (!fits.ok) return fits;
  if (await setAnswer(tx, id, row.line, given.answer, given.personId) === 0) return err('roster.state');
  // Being somebody known, a row changes that person instead of making a new one.
  if (row.question === 'duplicate') await judgeAgain(tx, roster, row, given);
  return ok(null);
});

function fitting({ question, alike }: RosterRow, { answer, personId }: Decision): Result<null> {
  if (question === 'name') return answer === 'other' || personId !== null ? err('field.choose', undefined, 'answer') : ok(null);
  const names = alike.some((one) => 'person' in one && one.person === personId);
  return answer === 'same' ? (names ? ok(null) : err('field.choose', undefined, 'answer')) : ok(null);
}

async function judgeAgain(tx: Tx, roster: Roster, row: RosterRow, given: Decision): Promise<void> {
  const finder = await FactFinder.open(tx, { by: roster.createdBy as By, scope: roster.scope, organisationId: roster.organisationId, today: roster.checkedOn ?? '' });
  const { entry, faults } = entryOf(roster, row);
  const [facts] = await finder.find(tx, [{ entry, answer: { kind: given.answer, personId: given.personId } }]);
  if (!facts) return;
  const judged = judge(entry, faults, facts);
  await rejudge(tx, roster.id, { line: row.line, kind: judged.kind, personId: judged.person?.id ?? null, changes: judged.changes, problems: judged.faults, judged: fingerprint(judged) });
}

/** The same decision for all rows that ask the same and were not decided: new people all of them, or left out all of them. */
export const answerAll = (actor: Actor, id: string, question: 'duplicate' | 'name', answer: Answer): Promise<Result<null>> => onRoster(actor, id, async (tx, roster) => {
  if (roster.state !== 'checked' || (question === 'duplicate' ? answer === 'same' : answer === 'other')) return err('roster.state');
  await answerRest(tx, id, question, answer);
  return ok(null);
});

