import { addJob, inTransaction, reader } from '~/db';
import { clock, type Instant } from '~/kernel/clock';
import { config, publicUrl } from '~/kernel/config';
import { aboutWhen, categoryOf } from '../category';
import { noticesOfDispatch, setDropped, type Notice } from '../notices.repository';
import type { House } from '../rules/house';
import { houseRules } from '../rules/house.service';
import { nextReminding, urgentAt } from '../rules/quiet';
import { wordingInForce } from '../wording/in-force.service';
import { maskAddress, type Channel, type Message, type Outcome } from './channel';
import { openChannels } from './channels.service';
import { compose, composeSlip, shortened, type Composed } from './compose';
import { checkAgainAt, findDispatch, settle, type Dispatch, type DispatchOutcome } from './dispatches.repository';
import { needsPaper, waysTo, type Way } from './reach';
import { markBad, reachablePeople, type Reachable } from './reach.repository';
import { claimSending, insertSlip, recordSending, sendingOf } from './send-log.repository';
import { CHECK_AFTER } from './sweep';
import { stillWorth } from './worth.service';

/**
 * Sends what a dispatch holds, on each channel at most once: the sending is claimed before and recorded after. What a
 * channel refused for now is tried again with the job; what a crash left open is not, unless the other side knows repeats,
 * for the notice stands in the product anyway. A digest goes by the first way that leads to the person, what cannot wait by
 * all of them. What is no longer true is left out, and what may not be sent now waits for its hour.
 */
export async function deliver(dispatchId: string): Promise<void> {
  const dispatch = await findDispatch(reader(), dispatchId);
  if (!dispatch || dispatch.settledAt !== null) return;
  if (dispatch.kind === 'trial') return deliverTrial(dispatch);
  const house = await houseRules(reader());
  const notices = await noticesOfDispatch(reader(), dispatchId);
  const goesAt = mayGoAt(dispatch, notices, house, clock.now());
  if (goesAt > clock.now()) return wait(dispatchId, goesAt);
  const person = (await reachablePeople(reader(), [dispatch.personId])).get(dispatch.personId);
  if (!person) return;
  const worth = await stillWorth(reader(), notices);
  await inTransaction((tx) => setDropped(tx, notices.filter(({ id }) => !worth.has(id)).map(({ id }) => id)));
  const left = notices.filter(({ id }) => worth.has(id));
  const wanted = left.filter(({ content }) => !person.off.includes(categoryOf(content.kind)) || !isOptional(content, house));
  if (wanted.length === 0) return end(dispatchId, left.length === 0 ? 'not-needed' : 'switched-off');
  return send({ dispatch, person, notices: wanted, house });
}

const isOptional = (content: Notice['content'], { optional }: House): boolean => (optional as readonly string[]).includes(categoryOf(content.kind));

function mayGoAt({ kind }: Dispatch, notices: readonly Notice[], house: House, now: Instant): Instant {
  const zone = config().TIME_ZONE;
  if (kind === 'digest') return nextReminding(now, house, zone);
  const [first = now] = notices.map(({ content }) => urgentAt(now, aboutWhen(content), house, zone)).sort((a, b) => a - b);
  return first;
}

/** A job that came late, or was tried again until the evening, goes on in the morning. */
const wait = (dispatchId: string, until: Instant): Promise<void> =>
  inTransaction(async (tx) => {
    await checkAgainAt(tx, [dispatchId], until + CHECK_AFTER);
    await addJob(tx, 'notices.send', { dispatchId }, until);
  });

const end = async (dispatchId: string, outcome: DispatchOutcome): Promise<void> => {
  await inTransaction((tx) => settle(tx, dispatchId, outcome));
};

interface ToSend {
  dispatch: Dispatch;
  person: Reachable;
  notices: readonly Notice[];
  house: House;
}

async function send(given: ToSend): Promise<void> {
  const { dispatch, person, house } = given;
  const ways = waysTo(person, await openChannels(reader()));
  if (ways.length === 0) return withoutWay(given);
  const message = await messageFor(given);
  const ends = await (dispatch.kind === 'digest' ? byFirst : byAll)(ways, message, dispatch);
  if (ends.includes('open')) return;
  if (ends.includes('arrived')) return end(dispatch.id, 'sent');
  // Every address refused for good: what remains is paper, or what they see when they sign in.
  return needsPaper(person, house, clock.now()) ? slip(given) : end(dispatch.id, 'unreachable');
}

/** `open`: somebody else is at it, or a crash left it so; the sweep asks again. */
type End = 'arrived' | 'refused' | 'open';

async function byFirst(ways: readonly Way[], message: Composed, dispatch: Dispatch): Promise<End[]> {
  const ends: End[] = [];
  for (const way of ways) {
    const ended = await sendOnce(way, message, dispatch);
    ends.push(ended);
    if (ended !== 'refused') break;
  }
  return ends;
}

/** One channel that fails does not keep the others from sending; the job then fails, is shown as failing, and tries again. */
async function byAll(ways: readonly Way[], message: Composed, dispatch: Dispatch): Promise<End[]> {
  const ends: End[] = [];
  const errors: unknown[] = [];
  for (const way of ways) {
    try {
      ends.push(await sendOnce(way, message, dispatch));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return ends;
}

async function sendOnce({ channel, address }: Way, composed: Composed, { id, personId }: Dispatch): Promise<End> {
  const message: Message = { id, to: address, subject: composed.subject, text: channel.length === 'short' ? shortened(composed) : composed.text, link: composed.link };
  const sending = { dispatchId: id, channel: channel.id, address: maskAddress(address), text: `${message.subject}\n\n${message.text}` };
  if (!await inTransaction((tx) => claimSending(tx, sending, channel.knowsRepeats))) return endedBefore(id, channel);
  const outcome = await handOver(channel, message, sending);
  await inTransaction(async (tx) => {
    await recordSending(tx, sending, outcome.result, outcome.result === 'refused' ? outcome.detail : '');
    if (outcome.result === 'refused') await markBad(tx, { personId, channel: channel.id, address, detail: outcome.detail });
  });
  return outcome.result === 'refused' ? 'refused' : 'arrived';
}

/** @throws when the message was certainly not accepted, once that is recorded */
async function handOver(channel: Channel, message: Message, sending: { dispatchId: string; channel: string }): Promise<Outcome> {
  try {
    return await channel.send(message);
  } catch (error) {
    await inTransaction((tx) => recordSending(tx, sending, 'failed', error instanceof Error ? error.message : String(error)));
    throw error;
  }
}

async function endedBefore(dispatchId: string, channel: Channel): Promise<End> {
  const before = await sendingOf(reader(), dispatchId, channel.id);
  if (before?.result === 'refused' || before?.result === 'bounced') return 'refused';
  return before?.result === 'sending' || before?.result === 'failed' ? 'open' : 'arrived';
}

const withoutWay = (given: ToSend): Promise<void> =>
  (needsPaper(given.person, given.house, clock.now()) ? slip(given) : end(given.dispatch.id, 'product-only'));

const slip = ({ dispatch, notices, person }: ToSend): Promise<void> =>
  inTransaction(async (tx) => {
    const langs = person.lang === 'en' ? ['en'] as const : person.lang === 'zh' ? ['zh'] as const : ['zh', 'en'] as const;
    await insertSlip(tx, dispatch.id, langs.map((lang) => composeSlip({ notices, zone: config().TIME_ZONE }, lang)).join('\n\n----\n\n'));
    await settle(tx, dispatch.id, 'paper');
  });

async function messageFor({ notices, person }: ToSend): Promise<Composed> {
  const frame = { letter: await wordingInForce(reader(), 'letter'), digest: await wordingInForce(reader(), 'digest') };
  return compose({ notices, name: person.name, lang: person.lang, frame, publicUrl: publicUrl(), zone: config().TIME_ZONE });
}

/** Sends the words of a template to the one who is writing it, on the channel that they chose. */
async function deliverTrial(dispatch: Dispatch): Promise<void> {
  const channel = (await openChannels(reader())).find(({ id }) => id === dispatch.body?.channel);
  if (!dispatch.body || !channel) return end(dispatch.id, 'unreachable');
  const { subject, text, address } = dispatch.body;
  const ended = await sendOnce({ channel, address }, { subject, text, link: `${publicUrl()}/notices` }, dispatch);
  if (ended !== 'open') await end(dispatch.id, ended === 'arrived' ? 'sent' : 'unreachable');
}
