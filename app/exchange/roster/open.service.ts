import { commitIfOk, reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { err, type Result } from '~/kernel/result';
import { findRoster, type Roster } from './rosters.repository';

/** A roster for those who may import where it is for. Null when there is none. @throws ProblemError */
export async function openRoster(actor: Actor, id: string): Promise<Roster | null> {
  const found = await findRoster(reader(), id);
  if (!found) authorise(actor, 'see rosters');
  else authorise(actor, 'import rosters', { organisationPath: found.path });
  return found;
}

/** Acts on a roster in one transaction, for those who may. @throws ProblemError */
export const onRoster = <T>(actor: Actor, id: string, act: (tx: Tx, roster: Roster) => Promise<Result<T>>): Promise<Result<T>> => commitIfOk(async (tx) => {
  const roster = await findRoster(tx, id);
  if (!roster) return err('not-found');
  authorise(actor, 'import rosters', { organisationPath: roster.path });
  return act(tx, roster);
});
