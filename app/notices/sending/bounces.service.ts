import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { addJob, appendEvent, commitIfOk, type Tx } from '~/db';
import { config } from '~/kernel/config';
import { log } from '~/kernel/log';
import { err, ok, type Result } from '~/kernel/result';
import { readBounce, type Bounce } from './bounce';
import { E_MAIL, maskAddress } from './channel';
import { findDispatch, reopen } from './dispatches.repository';
import { isBadAddress } from './mail';
import { markBad } from './reach.repository';
import { sendingOf, setBounced } from './send-log.repository';
import { CHECK_AFTER } from './sweep';

const MOST_BYTES = 4 * 1024 * 1024;
/** Beside the mails that have not been looked at: what was a bounce of ours, and what was not. */
const [DONE, OTHER] = ['done', 'other'];

/**
 * Looks into the folder to which the mail server delivers what comes back to MAIL_FROM, one mail a file (the `new` folder of a
 * Maildir, for example). One that cannot be read keeps no other from being read, and stays where it is.
 * @returns how many mails had come back
 */
export async function watchBounces(): Promise<number> {
  const folder = config().BOUNCE_DIR;
  if (!folder) return 0;
  for (const own of [DONE, OTHER]) await mkdir(path.join(folder, own), { recursive: true });
  const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name).sort();
  let bounced = 0;
  for (const file of files) {
    const isOurs = await takeFile(path.join(folder, file)).catch((error: unknown) => {
      log().error({ err: error, file }, 'a returned mail could not be read; it will be tried again');
      return null;
    });
    if (isOurs === null) continue;
    bounced += isOurs ? 1 : 0;
    await rename(path.join(folder, file), path.join(folder, isOurs ? DONE : OTHER, file));
  }
  return bounced;
}

async function takeFile(file: string): Promise<boolean> {
  if ((await stat(file)).size > MOST_BYTES) return false;
  const bounce = await readBounce(await readFile(file));
  return bounce !== null && (await recordBounce(bounce)).ok;
}

/**
 * Records that a mail came back, and hands the dispatch in again: it goes by the next way that leads to the person. An
 * address that does not exist is not used any more; a full mailbox is, for it may be emptied.
 */
export const recordBounce = (bounce: Bounce): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const { dispatchId, address, status, detail } = bounce;
    const [dispatch, sent] = [await findDispatch(tx, dispatchId), await sendingOf(tx, dispatchId, E_MAIL)];
    // Who knows the id of a mail and the address that it went to has seen it: nobody else can make addresses look bad.
    if (!dispatch || sent?.address !== maskAddress(address)) return err('not-found');
    if (await setBounced(tx, dispatchId, E_MAIL, `${status} ${detail}`) === 0) return ok(null);
    if (isBadAddress(Number(status[0]) * 100, status)) await markBad(tx, { personId: dispatch.personId, channel: E_MAIL, address, detail });
    await appendEvent(tx, { kind: 'notices.bounced', subject: { kind: 'dispatch', id: dispatchId }, personId: dispatch.personId, by: 'system:notices', body: { channel: E_MAIL, status } });
    await sendAgain(tx, dispatchId);
    return ok(null);
  });

async function sendAgain(tx: Tx, dispatchId: string): Promise<void> {
  await reopen(tx, dispatchId, tx.now + CHECK_AFTER);
  await addJob(tx, 'notices.send', { dispatchId });
}
