import { appendEvent, inTransaction, reader, type By } from '~/db';
import { findAccount } from '~/identity';
import { tell } from '~/notices';
import { findRequest } from './requests.repository';

const BY: By = 'system:reports';

/** Tells its owner, in the product and by mail, that a report which is made at fixed times is there; once. */
export async function tellMade(requestId: string): Promise<void> {
  const request = await findRequest(reader(), requestId);
  if (request?.state !== 'done' || request.expiresAt === null) return;
  const account = await findAccount(reader(), request.accountId);
  const personId = account?.state === 'active' ? account.personId : null;
  if (personId === null) return;
  const content = { kind: 'report-ready', params: { page: `/hr/reports/${requestId}`, report: request.name, untilAt: request.expiresAt } } as const;
  await inTransaction(async (tx) => {
    const told = await tell(tx, [{ personId, content, step: `report:${requestId}` }]);
    if (told.length > 0) await appendEvent(tx, { kind: 'report.told', subject: { kind: 'report', id: requestId }, personId, by: BY, body: {} });
  });
}
