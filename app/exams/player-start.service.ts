import { reader } from '~/db';
import type { Actor } from '~/identity';
import { clock } from '~/kernel/clock';
import { answerKey } from './answers/answer-key';
import { standingOf } from './live/standing.service';
import type { OpenedAttempt, PaperSection } from './player.service';
import { findBooking } from './sittings/booking.repository';

type Writing = Extract<OpenedAttempt, { kind: 'writing' }>;

/** With what a candidate's page begins: answers, times and the key for what it keeps on the device. Instants in milliseconds. */
export async function playerStart(actor: Actor, opened: Writing, device: string, lang: 'zh' | 'en') {
  const { attempt, exam, answers, sections } = opened;
  const told = await standingOf(actor, attempt.id, device);
  const booking = attempt.bookingId === null ? null : await findBooking(reader(), attempt.bookingId);
  const open = sections.find((section) => section.index === attempt.section);
  return {
    attemptId: attempt.id, device, answers,
    serverNow: clock.now(), deadline: attempt.deadlineAt, state: attempt.state, pausedAt: attempt.pausedAt, otherDevice: false,
    section: attempt.section, sectionEndsAt: open?.endsAt ?? null,
    messages: told.ok ? told.value.messages.map((message) => ({ ...message, sentAt: Date.parse(message.sentAt) })) : [],
    answerKey: answerKey(attempt.id), tolerance: exam.toleranceSeconds, label: booking?.ticket ?? exam.title[lang],
    sections: sections.map((section) => shown(section, lang)),
  };
}

const shown = ({ index, title, from, to, oneWay }: PaperSection, lang: 'zh' | 'en') => ({ index, title: title[lang], from, to, oneWay });
