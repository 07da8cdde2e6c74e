import { addJob, appendEvent, commitIfOk, reader, type By } from '~/db';
import { authorise, scopePaths, type Actor } from '~/identity';
import { removeFile } from '~/kernel/files';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { organisationTree, type TreeOrganisation } from '~/people';
import { claimedTwice, keptMapping, lacking, mappingToKeep, type Mapping } from './fields';
import { hashOf, keepFile, lookAt, MAX_ROSTER } from './file.service';
import { onRoster } from './open.service';
import { insertRoster, openRosterOfFile, rememberedMapping, rememberMapping, setRoster } from './rosters.repository';

export interface RosterFile {
  organisationId: string;
  fileName: string;
  content: Buffer;
}

/** Organisations for which an account may bring a roster. */
export const rosterUnits = (actor: Actor): Promise<TreeOrganisation[]> => organisationTree(reader(), scopePaths(actor, ['hr', 'administrator']));

/**
 * Takes a roster: looks for its table and columns and has a job judge every line. Where the columns are not clear somebody
 * must set them first. @returns its id; of a file that is under way already, the id of that one
 */
export async function uploadRoster(actor: Actor, given: RosterFile): Promise<Result<string>> {
  const place = (await rosterUnits(actor)).find((one) => one.id === given.organisationId);
  if (!place) return err('field.choose', undefined, 'organisationId');
  authorise(actor, 'import rosters', { organisationPath: place.path });
  if (given.content.length > MAX_ROSTER) return err('sheet.too-large', { max: MAX_ROSTER / 1024 / 1024 }, 'file');
  return takeRoster({ ...given, source: 'upload', by: actor.by, scope: scopePaths(actor, ['hr', 'administrator']) });
}

/** The same without asking who may: for uploads that were asked, and for the watched folder. */
export async function takeRoster(given: RosterFile & { source: 'upload' | 'folder'; by: By; scope: readonly string[] }): Promise<Result<string>> {
  const fileHash = hashOf(given.content);
  const open = await openRosterOfFile(reader(), given.organisationId, fileHash);
  if (open) return ok(open.id);
  const found = await lookAt(given.content);
  if (!found.ok) return found;
  const { sheet, headerLine, headers, signature, guessed } = found.value;
  const kept = await rememberedMapping(reader(), given.organisationId, signature);
  const mapping = kept ? keptMapping(headers, kept) : guessed;
  const id = newId();
  const fileKey = await keepFile(id, given.content);
  const clear = lacking(mapping).length === 0;
  const made = await commitIfOk(async (tx) => {
    const meanwhile = await openRosterOfFile(tx, given.organisationId, fileHash);
    if (meanwhile) return ok(meanwhile.id);
    await insertRoster(tx, {
      id, organisationId: given.organisationId, source: given.source, fileName: given.fileName.slice(0, 200), fileKey, fileHash, sheet, headerLine, headers, mapping: [...mapping], signature,
      scope: [...given.scope], state: clear ? 'checking' : 'columns', by: given.by,
    });
    await appendEvent(tx, { kind: 'roster.taken', subject: { kind: 'roster', id }, by: given.by, body: { organisationId: given.organisationId, fileHash, source: given.source } });
    if (clear) await addJob(tx, 'exchange.roster-check', { importId: id });
    return ok(id);
  });
  if (!made.ok || made.value !== id) await removeFile(fileKey);
  return made;
}

/** Sets which column is which, remembers it for the unit and files like this, and has every line judged anew. */
export const setColumns = (actor: Actor, id: string, mapping: Mapping): Promise<Result<null>> => onRoster(actor, id, async (tx, roster) => {
  const whole = roster.headers.map((_, i) => mapping[i] ?? null);
  const twice = claimedTwice(whole);
  if (twice) return err('roster.column-twice', { field: twice }, `column${whole.lastIndexOf(twice)}`);
  const [missing] = lacking(whole);
  if (missing) return err(missing === 'name' ? 'roster.name-column-missing' : 'roster.number-column-missing');
  if (roster.fileKey === null) return err('roster.state');
  const set = { state: 'checking' as const, mapping: JSON.stringify(whole), scope: JSON.stringify(scopePaths(actor, ['hr', 'administrator'])), lines: 0, problem: null };
  if (await setRoster(tx, id, ['columns', 'checked'], set) === 0) return err('roster.state');
  await rememberMapping(tx, { organisationId: roster.organisationId, signature: roster.signature, mapping: mappingToKeep(roster.headers, whole), by: actor.by });
  await appendEvent(tx, { kind: 'roster.columns-set', subject: { kind: 'roster', id }, by: actor.by });
  await addJob(tx, 'exchange.roster-check', { importId: id });
  return ok(null);
});

/** Has every line judged anew, by what is known now. Decisions about rows are asked again. */
export const checkAgain = (actor: Actor, id: string): Promise<Result<null>> => onRoster(actor, id, async (tx, roster) => {
  const set = { state: 'checking' as const, scope: JSON.stringify(scopePaths(actor, ['hr', 'administrator'])), lines: 0, problem: null };
  if (roster.fileKey === null || await setRoster(tx, id, ['checked'], set) === 0) return err('roster.state');
  await addJob(tx, 'exchange.roster-check', { importId: id });
  return ok(null);
});

/** Lets a roster go that was not applied; its content is removed. */
export async function withdrawRoster(actor: Actor, id: string): Promise<Result<null>> {
  const gone = await onRoster(actor, id, async (tx, roster) => {
    if (await setRoster(tx, id, ['columns', 'checking', 'checked'], { state: 'withdrawn', file_key: null }) === 0) return err('roster.state');
    await appendEvent(tx, { kind: 'roster.withdrawn', subject: { kind: 'roster', id }, by: actor.by });
    return ok(roster.fileKey);
  });
  if (!gone.ok) return gone;
  if (gone.value !== null) await removeFile(gone.value);
  return ok(null);
}
