import { appendEvent, inTransaction, reader, type Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { findPerson, pathsOfPerson } from '~/people';
import { isAbove } from '../notice';
import { findNotice, noticesOfDispatch, type Notice } from '../notices.repository';
import { peopleBehind, type PersonBehind } from '../planning/escalation.repository';
import { E_MAIL, PAPER } from '../sending/channel';
import { findDispatch, type Dispatch } from '../sending/dispatches.repository';
import { allGateways } from '../sending/gateways.repository';
import { sendingsOf, type Sent } from '../sending/send-log.repository';

/** One notice with what proves that it was told: when, by which way, in which words, with which result. */
export interface NoticeProof {
  notice: Notice;
  name: string;
  dispatch: Dispatch | null;
  /** The other notices of the same digest. */
  beside: Notice[];
  sendings: Sent[];
  /** What the ways out are called, by id. */
  channels: Record<string, string>;
  /** Of whom it tells, when it is word to a manager or HR. */
  behind: PersonBehind[];
}

/** A notice of one's own; null when there is none or it is somebody else's. */
export async function ownNotice(from: Reader, personId: string, id: string): Promise<NoticeProof | null> {
  const notice = await findNotice(from, id);
  return notice?.personId === personId ? proofOf(from, notice) : null;
}

/** The same for the eyes of HR: that it was read is an event in the ledger. */
export async function openProof(actor: Actor, id: string): Promise<NoticeProof | null> {
  const notice = await findNotice(reader(), id);
  if (!notice) return null;
  authorise(actor, 'see what was sent', { personId: notice.personId, organisationPath: await pathsOfPerson(reader(), notice.personId) });
  await inTransaction((tx) => appendEvent(tx, {
    kind: 'notice.proof-read', subject: { kind: 'notice', id }, personId: notice.personId, by: actor.by,
  }));
  return proofOf(reader(), notice);
}

async function proofOf(from: Reader, notice: Notice): Promise<NoticeProof> {
  const dispatch = notice.dispatchId === null ? null : await findDispatch(from, notice.dispatchId);
  return {
    notice, dispatch, name: (await findPerson(from, notice.personId))?.name ?? '',
    beside: dispatch ? (await noticesOfDispatch(from, dispatch.id)).filter(({ id }) => id !== notice.id) : [],
    sendings: dispatch ? await sendingsOf(from, dispatch.id) : [],
    channels: await channelNames(from),
    behind: isAbove(notice.content.kind) ? await peopleBehind(from, notice.id) : [],
  };
}

/** What the ways out are called by whoever set them up; mail and paper have words of their own. */
export const channelNames = async (from: Reader): Promise<Record<string, string>> =>
  ({ [E_MAIL]: '', [PAPER]: '', ...Object.fromEntries((await allGateways(from)).map(({ id, name }) => [id, name])) });
