import type { CredentialStatus } from '~/certification';
import { wordCredentialReason } from '~/text/credential-reason';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Seal } from './seal';
import { StatusTag } from '../status/status';

const TONES = { 'valid': 'ok', 'not-yet': 'due', 'expired': 'bad', 'suspended': 'bad', 'revoked': 'bad', 'superseded': 'neutral' } as const;

export function StandingTag({ state }: { state: CredentialStatus['state'] }) {
  const { t } = useText();
  return <StatusTag tone={TONES[state]}>{t(`credential.state.${state}`)}</StatusTag>;
}

/** How a credential stands, since when and for what kind of reason: the seal for what is valid, a banner for the rest. */
export function Standing({ status }: { status: CredentialStatus }) {
  const text = useText();
  const { t, date, dateTime } = text;
  const { state, stateAt, issuedAt, validFrom, validUntil } = status;
  if (state === 'valid') {
    return (
      <div className="verdict-line">
        <Seal text={t('credential.state.valid')} />
        <div>
          <p>{t('credential.valid-since', { at: dateTime(issuedAt) })}</p>
          {stateAt > issuedAt && <p>{t('credential.reinstated-since', { at: dateTime(stateAt) })}</p>}
          <Moved status={status} />
        </div>
      </div>
    );
  }
  if (state === 'expired' || state === 'not-yet') {
    return <Banner tone="warning" title={t(`credential.${state}-since`, { on: date((state === 'expired' ? validUntil : validFrom) ?? '') })}><Moved status={status} /></Banner>;
  }
  const reason = wordCredentialReason(text, status.reason);
  return <Banner tone={state === 'superseded' ? 'warning' : 'danger'} title={t(`credential.${state}-since`, { at: dateTime(stateAt), reason })} />;
}

/** That the end is another day than the printed one, and why. */
function Moved({ status: { isExtended, isEndedByLaw, validUntil } }: { status: CredentialStatus }) {
  const { t, date } = useText();
  if (validUntil === null || !(isExtended || isEndedByLaw)) return null;
  return <p>{t(isExtended ? 'credential.extended-until' : 'credential.law-until', { on: date(validUntil) })}</p>;
}
