import type { QrPath } from '~/certification';
import { useText } from '~/text/react';
import { QrCode } from '../credential/qr-code';
import { useSpan } from './states';

export interface ShownTicket {
  bookingId: string;
  ticket: string;
  name: string;
  number: string | null;
  organisation: string | null;
  exam: string;
  sitting: string;
  /** Who holds the sitting. */
  holder: string;
  mode: 'window' | 'fixed';
  startsAt: number;
  endsAt: number;
  lastStart: number;
  /** The exam's minutes, without what is personal. */
  minutes: number;
  room: string | null;
  seat: number | null;
  admission: boolean;
  checkIn: boolean;
  seb: boolean;
  networks: boolean;
  accommodations: { extraMinutes: number; factorPercent: number }[];
  qr: QrPath;
}

/** An admission ticket: who, where, when, and what to bring. */
export function Ticket({ ticket }: { ticket: ShownTicket }) {
  const { t, duration, lang } = useText();
  const span = useSpan();
  const where = ticket.room === null || ticket.seat === null ? t('sittings.place.remote') : t('sittings.seat', { room: ticket.room, seat: ticket.seat });
  const facts: [string, string][] = [
    [t('sittings.candidate-name'), ticket.name],
    [t('sittings.candidate-number'), ticket.number ?? ''],
    [t('sittings.candidate-unit'), ticket.organisation ?? ''],
    [t('sittings.exam'), ticket.exam],
    [t('sittings.name'), ticket.sitting],
    [t('sittings.when'), span(ticket.startsAt, ticket.endsAt)],
    [t('sittings.ticket-duration'), duration(ticket.minutes)],
    [t('sittings.candidate-seat'), where],
    ...(ticket.accommodations.length > 0 ? [[t('sittings.ticket-accommodation'), ticket.accommodations.map((one) => [
      one.extraMinutes > 0 && t('sittings.ticket-accommodation-extra', { minutes: one.extraMinutes }),
      one.factorPercent > 100 && t('sittings.ticket-accommodation-factor', { percent: one.factorPercent }),
    ].filter(Boolean).join(lang === 'zh' ? '，' : ', ')).join(lang === 'zh' ? '；' : '; ')] as [string, string]] : []),
  ];
  return (
    <section className="ticket" aria-labelledby={`ticket-${ticket.bookingId} number-${ticket.bookingId}`}>
      <p className="ticket-holder">{ticket.holder}</p>
      <h2 className="ticket-title" id={`ticket-${ticket.bookingId}`}>{t('sittings.ticket')}</h2>
      <p className="ticket-number">{t('sittings.ticket-number')} <strong className="figures" id={`number-${ticket.bookingId}`}>{ticket.ticket}</strong></p>
      <div className="ticket-body">
        <dl className="ticket-facts">{facts.map(([term, value]) => <div key={term}><dt>{term}</dt><dd>{value}</dd></div>)}</dl>
        <div className="ticket-side">
          <p className="ticket-photo">{t('sittings.ticket-photo')}</p>
          <QrCode qr={ticket.qr} label={t('sittings.ticket-qr')} />
        </div>
      </div>
      <Rules ticket={ticket} />
    </section>
  );
}

function Rules({ ticket }: { ticket: ShownTicket }) {
  const { t, dateTime, duration } = useText();
  const [from, to, late] = [dateTime(ticket.startsAt), dateTime(ticket.endsAt), dateTime(ticket.lastStart)];
  return (
    <>
      <h3 className="ticket-rules-title">{t('sittings.ticket-rules')}</h3>
      <ol className="ticket-rules">
        <li>{t('sittings.ticket-rule-1')}</li>
        <li>{ticket.mode === 'fixed' ? t('sittings.ticket-rule-time', { from, late }) : t('sittings.ticket-rule-window', { from, to, duration: duration(ticket.minutes) })}</li>
        {ticket.admission && <li>{t('sittings.ticket-rule-admission')}</li>}
        {ticket.checkIn && <li>{t('sittings.ticket-rule-check-in')}</li>}
        {ticket.networks && <li>{t('sittings.ticket-rule-network')}</li>}
        {ticket.seb && <li>{t('sittings.ticket-rule-seb')}</li>}
        <li>{t('sittings.ticket-rule-help')}</li>
      </ol>
    </>
  );
}
