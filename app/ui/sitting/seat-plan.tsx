import { useText } from '~/text/react';

export interface SeatedCandidate {
  id: string;
  name: string;
  ticket: string;
  number: string | null;
  organisation: string | null;
  seat: number | null;
}

export interface RoomOnPaper {
  id: string;
  name: string;
  seats: number;
  seatsPerRow: number;
  people: SeatedCandidate[];
}

/** One room as it is seen from above: the front on top, rows of seats, names where somebody sits. */
export function SeatPlan({ title, room }: { title: string; room: RoomOnPaper }) {
  const { t } = useText();
  const rows = Array.from({ length: Math.ceil(room.seats / room.seatsPerRow) }, (_, row) =>
    Array.from({ length: room.seatsPerRow }, (_seat, column) => row * room.seatsPerRow + column + 1));
  const at = new Map(room.people.map((one) => [one.seat, one]));
  return (
    <section className="sheet" aria-labelledby={`plan-${room.id}`}>
      <h2 id={`plan-${room.id}`}>{t('sittings.plan-of', { title, room: room.name })}</h2>
      <p className="sheet-note">{t('sittings.plan-note')}</p>
      <div className="plan-front"><span className="plan-desk">{t('sittings.plan-front')}</span><span className="plan-door">{t('sittings.plan-door')}</span></div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide plan must be scrollable by keyboard */}
      <div className="plan-scroll" tabIndex={0} role="region" aria-label={t('sittings.plan-grid', { room: room.name })}>
        <table className="plan">
          <caption className="visually-hidden">{t('sittings.plan-grid', { room: room.name })}</caption>
          <tbody>
            {rows.map((seats) => (
              <tr key={seats[0]}>
                {seats.map((seat) => <td key={seat} className={at.has(seat) ? 'plan-seat plan-seat--taken' : 'plan-seat'}>{seat <= room.seats && <Seat seat={seat} who={at.get(seat)} />}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Seat({ seat, who }: { seat: number; who: SeatedCandidate | undefined }) {
  const { t } = useText();
  return (
    <>
      <span className="plan-number figures">{t('sittings.seat-number', { seat })}</span>
      {who ? <><span className="plan-name">{who.name}</span><span className="plan-ticket figures">{who.ticket}</span></> : <span className="plan-ticket">{t('sittings.plan-free')}</span>}
    </>
  );
}

/** The list on which candidates of a room sign, in the order of their seats. */
export function AttendanceList({ title, when, room }: { title: string; when: string; room: RoomOnPaper }) {
  const { t } = useText();
  return (
    <section className="sheet" aria-labelledby={`list-${room.id}`}>
      <h2 id={`list-${room.id}`}>{t('sittings.plan-of', { title, room: room.name })}</h2>
      <p className="sheet-note">{when}</p>
      <table className="table attendance">
        <caption className="visually-hidden">{t('sittings.print-attendance')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('sittings.attendance-number')}</th><th scope="col">{t('sittings.candidate-ticket')}</th><th scope="col">{t('sittings.candidate-name')}</th>
            <th scope="col">{t('sittings.candidate-unit')}</th><th scope="col" className="attendance-sign">{t('sittings.attendance-signature')}</th>
          </tr>
        </thead>
        <tbody>
          {room.people.map((one) => (
            <tr key={one.id}>
              <th scope="row" className="figures">{one.seat ?? ''}</th>
              <td data-label={t('sittings.candidate-ticket')} className="figures">{one.ticket}</td>
              <td data-label={t('sittings.candidate-name')}>{one.name}</td>
              <td data-label={t('sittings.candidate-unit')}>{one.organisation}</td>
              <td data-label={t('sittings.attendance-signature')} />
            </tr>
          ))}
        </tbody>
      </table>
      <p className="sheet-foot"><span>{t('sittings.attendance-count', { people: room.people.length })}</span><span>{t('sittings.attendance-invigilator')}</span></p>
    </section>
  );
}
