import { useText } from '~/text/react';

interface PaperSlip {
  dispatchId: string;
  name: string;
  post: string;
  organisation: string;
  text: string;
  since: number;
}

/** Slips to be cut apart along the dashed lines. */
export function PaperSlips({ slips }: { slips: PaperSlip[] }) {
  const { t, dateTime } = useText();
  return (
    <ol className="activation-slip-list">
      {slips.map(({ dispatchId, name, post, organisation, text, since }) => (
        <li key={dispatchId} className="activation-slip">
          <p className="activation-slip-title"><strong>{t('slips.to', { name })}</strong><span className="activation-slip-unit-name">{organisation}{' · '}{post}</span></p>
          <p className="sent-text">{text}</p>
          <p className="activation-slip-how">{t('slips.from', { at: dateTime(since) })} {t('slips.sign')}</p>
        </li>
      ))}
    </ol>
  );
}
