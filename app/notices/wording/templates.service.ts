import { addJob, appendEvent, commitIfOk, type Reader } from '~/db';
import type { Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { NOTICE_KEYS, shippedWording, type NoticeKey, type Wording } from '~/text/notice';
import { openChannels } from '../sending/channels.service';
import { insertDispatches } from '../sending/dispatches.repository';
import { reachablePeople } from '../sending/reach.repository';
import { CHECK_AFTER } from '../sending/sweep';
import { checkWords, previewOf } from './own-words';
import { insertTemplateVersion, templatesInForce, versionsOfTemplate, type Template } from './templates.repository';

/** The words of one notice as they are in force; `number` 0: the program's own, which nothing has used yet. */
export interface WordsInForce {
  key: NoticeKey;
  number: number;
  isOwn: boolean;
  madeAt: number | null;
  wording: Wording;
}

const asInForce = (key: NoticeKey, template: Template | undefined): WordsInForce => ({
  key, number: template?.number ?? 0, isOwn: template?.origin === 'own', madeAt: template?.madeAt ?? null,
  // The program's own follow the program that runs.
  wording: template?.origin === 'own' ? template.wording : shippedWording(key),
});

export const isNoticeKey = (text: string): text is NoticeKey => NOTICE_KEYS.some((key) => key === text);

/** The words of every notice. */
export async function allWords(from: Reader): Promise<WordsInForce[]> {
  const known = await templatesInForce(from, NOTICE_KEYS);
  return NOTICE_KEYS.map((key) => asInForce(key, known.get(key)));
}

/** The words of one notice, with every version that there was. */
export async function wordsOf(from: Reader, key: NoticeKey): Promise<WordsInForce & { versions: Template[] }> {
  const versions = await versionsOfTemplate(from, key);
  return { ...asInForce(key, versions[0]), versions };
}

/** Puts other words in force; what was told before keeps its own. @param number the version that they were written over */
export const changeWords = ({ by }: Pick<Actor, 'by'>, key: NoticeKey, number: number, wording: Wording): Promise<Result<null>> => {
  const checked = checkWords(key, wording);
  return checked.ok ? putWords(by, key, number, { origin: 'own', wording }) : Promise.resolve(checked);
};

/** Goes back to the words of the program. */
export const restoreWords = ({ by }: Pick<Actor, 'by'>, key: NoticeKey, number: number): Promise<Result<null>> =>
  putWords(by, key, number, { origin: 'shipped', wording: shippedWording(key) });

const putWords = (by: Actor['by'], key: NoticeKey, number: number, given: { origin: Template['origin']; wording: Wording }): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const [latest] = await versionsOfTemplate(tx, key);
    if ((latest?.number ?? 0) !== number || !await insertTemplateVersion(tx, { key, number: number + 1, by, ...given })) return err('conflict.changed');
    await appendEvent(tx, { kind: 'notices.words-changed', subject: { kind: 'notice-words', id: key }, by, body: { key, number: number + 1, ...given } });
    return ok(null);
  });

/** Sends words that need not be in force to the one who is writing them, by one way. */
export function tryWords({ by, personId }: Pick<Actor, 'by' | 'personId'>, key: NoticeKey, wording: Wording, channelId: string): Promise<Result<null>> {
  const checked = checkWords(key, wording);
  if (!checked.ok) return Promise.resolve(checked);
  return commitIfOk(async (tx) => {
    const person = personId === null ? undefined : (await reachablePeople(tx, [personId])).get(personId);
    const channel = (await openChannels(tx)).find(({ id }) => id === channelId);
    const address = person && channel?.addressOf(person);
    if (!person || !channel || !address) return err('notice.no-way', undefined, 'channel');
    const zone = config().TIME_ZONE;
    const [zh, en] = (['zh', 'en'] as const).map((lang) => previewOf(key, wording, lang, zone));
    const body = { channel: channel.id, address, subject: [zh, en].map((one) => one?.title ?? '').join(' / '), text: [zh, en].map((one) => one?.text ?? '').join('\n\n----\n\n') };
    const id = newId();
    await insertDispatches(tx, [{ id, personId: person.id, kind: 'trial', day: dateAt(tx.now, zone), nextCheckAt: tx.now + CHECK_AFTER, body }]);
    await addJob(tx, 'notices.send', { dispatchId: id });
    await appendEvent(tx, { kind: 'notices.words-tried', subject: { kind: 'notice-words', id: key }, by, body: { key, channel: channel.id } });
    return ok(null);
  });
}
