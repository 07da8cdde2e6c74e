import { appendEvent, commitIfOk, inTransaction, reader } from '~/db';
import type { Actor } from '~/identity';
import { newId } from '~/kernel/id';
import { isSendable } from '~/kernel/outgoing';
import { err, ok, type Result } from '~/kernel/result';
import { maskAddress, type Outcome } from './channel';
import { bodyProblem, gatewayChannel } from './gateway';
import { findGateway, insertGateway, isNameTaken, updateGateway, type GatewayFields } from './gateways.repository';

type Asker = Pick<Actor, 'by'>;

/** Sets a gateway up. @returns its id */
export const makeGateway = (actor: Asker, fields: GatewayFields): Promise<Result<string>> =>
  commitIfOk(async (tx) => {
    const sound = check(fields);
    if (!sound.ok) return sound;
    const id = await insertGateway(tx, fields, actor.by);
    if (id === null) return err('field.taken', undefined, 'name');
    await appendEvent(tx, { kind: 'notices.gateway-made', subject: { kind: 'gateway', id }, by: actor.by, body: withoutSecret(fields) });
    return ok(id);
  });

/** Changes a gateway; without a new secret the old one stays. */
export const changeGateway = (actor: Asker, id: string, version: number, fields: Omit<GatewayFields, 'secret'> & { secret?: string | undefined }): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const sound = check(fields);
    if (!sound.ok) return sound;
    const before = await findGateway(tx, id);
    if (!before) return err('not-found');
    if (await isNameTaken(tx, fields.name, id)) return err('field.taken', undefined, 'name');
    if (await updateGateway(tx, id, version, { ...fields, secret: fields.secret ?? before.secret }) === 0) return err('conflict.changed');
    await appendEvent(tx, {
      kind: 'notices.gateway-changed', subject: { kind: 'gateway', id }, by: actor.by, body: { ...withoutSecret(fields), newSecret: fields.secret !== undefined },
    });
    return ok(null);
  });

/** What a gateway said to a test. */
export type Tried = Outcome | { result: 'failed'; detail: string };

/** Sends one message that is nobody's notice, at once, and tells what came of it. That it was sent is an event; to whom, in part only. */
export async function tryGateway(actor: Asker, id: string, { address, subject, text, link }: { address: string; subject: string; text: string; link: string }): Promise<Result<Tried>> {
  const gateway = await findGateway(reader(), id);
  if (!gateway) return err('not-found');
  const tried = await gatewayChannel(gateway).send({ id: newId(), to: address, subject, text, link }).catch((error: unknown): Tried => ({ result: 'failed', detail: error instanceof Error ? error.message.slice(0, 300) : '' }));
  await inTransaction((tx) => appendEvent(tx, { kind: 'notices.gateway-tried', subject: { kind: 'gateway', id }, by: actor.by, body: { address: maskAddress(address), result: tried.result } }));
  return ok(tried);
}

function check({ url, body }: Pick<GatewayFields, 'url' | 'body'>): Result<null> {
  if (!isSendable(url)) return err('gateway.url', undefined, 'url');
  const problem = bodyProblem(body);
  return problem ? err(problem.code, problem.name === undefined ? undefined : { name: problem.name }, 'body') : ok(null);
}

/** The secret is in no event: whoever reads the ledger could sign. */
const withoutSecret = ({ name, kind, url, body, addressedBy, knowsRepeats, active }: Omit<GatewayFields, 'secret'>) => ({ name, kind, url, body, addressedBy, knowsRepeats, active });
