import { createHash } from 'node:crypto';
import { reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { putFile, readFile } from '~/kernel/files';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { formerServicesOf, pathsOfPerson } from '~/people';
import { ENDINGS, fileTypeOf, MAX_FILE } from './file-type';
import { findFile, ownersOfFile, type KeptFile } from './files.repository';

/**
 * Checks a scan by its content and puts it into the file store; its row is written with what it belongs to. A file whose
 * row was never written is an orphan that nobody can open.
 */
export async function storeFile(content: Buffer): Promise<Result<KeptFile>> {
  if (content.length > MAX_FILE) return err('records.file-too-large', { max: MAX_FILE / 1024 / 1024 }, 'file');
  const type = fileTypeOf(content);
  if (!type) return err('records.file-type', undefined, 'file');
  const id = newId();
  const key = `records/${dateAt(clock.now(), config().TIME_ZONE).slice(0, 4)}/${id}.${ENDINGS[type]}`;
  await putFile(key, content);
  return ok({ id, key, type, bytes: content.length, hash: createHash('sha256').update(content).digest('hex') });
}

/** A scan for those who may see the evidence it belongs to. @throws ProblemError */
export async function openFile(actor: Actor, id: string): Promise<{ file: KeptFile; content: Buffer; name: string } | null> {
  const from = reader();
  const file = await findFile(from, id);
  const owners = file ? await ownersOfFile(from, id) : [];
  if (!file || owners.length === 0) return null;
  const persons = owners.flatMap((owner) => owner.person_id ?? []);
  const paths = owners.flatMap((owner) => owner.path ?? []);
  for (const { person_id: personId, asked_at: askedAt } of owners) {
    if (personId === null) continue;
    paths.push(...(await pathsOfPerson(from, personId)));
    // A former office keeps what was handed in while the person served there.
    if (askedAt !== null) paths.push(...(await formerServicesOf(from, personId)).filter(({ until }) => dateAt(askedAt, config().TIME_ZONE) <= until).map((one) => one.organisationPath));
  }
  authorise(actor, 'see evidence', { personId: persons.find((one) => one === actor.personId) ?? null, organisationPath: paths });
  return { file, content: await readFile(file.key), name: `${id.slice(-12)}.${ENDINGS[file.type]}` };
}
