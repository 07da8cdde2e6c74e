import { appendEvent, commitIfOk, type By, type Tx } from '~/db';
import { err, ok, type Result } from '~/kernel/result';
import { readPrefix } from './issuer';
import { changePrefix, findIssuer, insertIssuer, issuerByPrefix, setIssuerEnded } from './issuers.repository';

const tell = (tx: Tx, kind: 'credential.issuer-made' | 'credential.issuer-changed', by: By, organisationId: string, body: Record<string, unknown>): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'organisation', id: organisationId }, by, body });

/** Lets an organisation issue under its own prefix; what was issued before keeps its numbers. */
export const makeIssuer = (by: By, organisationId: string, typedPrefix: string): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const prefix = readPrefix(typedPrefix);
    if (prefix === null) return err('credential.prefix-form', undefined, 'prefix');
    if (await insertIssuer(tx, { organisationId, prefix, by }) === 0) return err('credential.prefix-taken', undefined, 'prefix');
    await tell(tx, 'credential.issuer-made', by, organisationId, { prefix });
    return ok(null);
  });

/** Changes a prefix under which nothing was issued yet. */
export const renameIssuer = (by: By, organisationId: string, typedPrefix: string): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const prefix = readPrefix(typedPrefix);
    if (prefix === null) return err('credential.prefix-form', undefined, 'prefix');
    const holder = await issuerByPrefix(tx, prefix);
    if (holder && holder.organisation_id !== organisationId) return err('credential.prefix-taken', undefined, 'prefix');
    if (await changePrefix(tx, organisationId, prefix) === 0) return err('credential.prefix-used');
    await tell(tx, 'credential.issuer-changed', by, organisationId, { prefix });
    return ok(null);
  });

/** Ends or takes up issuing; while it is ended the nearest issuer above issues. The topmost one always does. */
export const endIssuer = (by: By, organisationId: string, isEnded: boolean): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const issuer = await findIssuer(tx, organisationId);
    if (!issuer) return err('not-found');
    if (/^\/[^/]+\/$/.test(issuer.path)) return err('credential.issuer-root');
    await setIssuerEnded(tx, organisationId, isEnded ? tx.now : null);
    await tell(tx, 'credential.issuer-changed', by, organisationId, { ended: isEnded });
    return ok(null);
  });
