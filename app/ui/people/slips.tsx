import type { Instant } from '~/kernel/clock';
import { useText } from '~/text/react';
import type { UnitSlips } from '~/people';

/** Slips to be cut apart, each unit on pages of its own. */
export function Slips({ units, expiresAt, address }: { units: UnitSlips[]; expiresAt: Instant; address: string }) {
  const { t } = useText();
  return (
    <>
      {units.map((unit) => (
        <section key={unit.organisationId} className="activation-slip-unit" aria-labelledby={`unit-${unit.organisationId}`}>
          <h2 id={`unit-${unit.organisationId}`}>{t('people.slips-of', { unit: unit.organisationName, count: unit.slips.length })}</h2>
          <ol className="activation-slip-list">
            {unit.slips.map((slip) => <SlipPart key={slip.signInName} slip={slip} organisation={unit.organisationName} expiresAt={expiresAt} address={address} />)}
          </ol>
        </section>
      ))}
    </>
  );
}

function SlipPart({ slip, organisation, expiresAt, address }: { slip: UnitSlips['slips'][number]; organisation: string; expiresAt: Instant; address: string }) {
  const { t, dateTime } = useText();
  return (
    <li className="activation-slip">
      <p className="activation-slip-title">{t('people.slip-title')}<span className="activation-slip-unit-name">{organisation}</span></p>
      <dl className="activation-slip-facts">
        <div><dt>{t('people.slip-name')}</dt><dd>{slip.name}</dd></div>
        <div><dt>{t('people.slip-post')}</dt><dd>{slip.post}</dd></div>
        <div><dt>{t('people.slip-number')}</dt><dd className="one-time-code">{slip.signInName}</dd></div>
        <div><dt>{t('people.slip-code')}</dt><dd className="one-time-code">{slip.code}</dd></div>
      </dl>
      <p className="activation-slip-how">{t('people.slip-how', { address, until: dateTime(expiresAt) })} {t('people.slip-secret')}</p>
    </li>
  );
}
