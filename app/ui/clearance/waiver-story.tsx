import type { ShownWaiver } from '~/certification';
import { useText } from '~/text/react';
import { ButtonLink } from '../button/button';
import { Facts } from '../facts/facts';
import { WaiverSpan, WaiverTag } from './waiver-words';

/** A waiver from the request to its end: what, for how long, why, and who. */
export function WaiverStory({ story: { waiver, requirement, shownState, asker, decider, revoker } }: { story: ShownWaiver }) {
  const { t, lang, dateTime } = useText();
  const by = (name: string | null) => name ?? t('hr.by-system');
  return (
    <Facts items={[
      { term: t('waiver.what'), value: requirement ? requirement[lang] : t('waiver.whole') },
      { term: t('waiver.state'), value: <WaiverTag state={shownState} /> },
      ...(waiver.decidedAt !== null && shownState !== 'refused' ? [{ term: t('waiver.granted-span'), value: <WaiverSpan from={waiver.validFrom} until={waiver.validUntil} /> }] : []),
      { term: t('waiver.asked-span'), value: <><WaiverSpan from={waiver.askedFrom} until={waiver.askedUntil} /><br /><small>{t('waiver.asked-by', { at: dateTime(waiver.askedAt), by: by(asker) })}</small></> },
      { term: t('waiver.reason'), value: <span className="lines">{waiver.reason}</span> },
      { term: t('waiver.proof'), value: <span className="lines">{waiver.proof}</span> },
      { term: t('waiver.file'), value: waiver.proofFile ? <ButtonLink to={`/hr/waivers/${waiver.id}/proof`} kind="quiet" document>{t('waiver.file-open')}</ButtonLink> : t('waiver.no-file') },
      { term: t('waiver.conditions'), value: <span className="lines">{waiver.conditions || t('waiver.no-conditions')}</span> },
      ...(waiver.decidedAt === null ? [] : [{
        term: t('waiver.decision-reason'),
        value: <><span className="lines">{waiver.decisionReason}</span><br /><small>{t('waiver.decided-by', { at: dateTime(waiver.decidedAt), by: by(decider) })}</small></>,
      }]),
      ...(waiver.revokedAt === null ? [] : [{
        term: t('waiver.revoke-reason'),
        value: <><span className="lines">{waiver.revokeReason}</span><br /><small>{t('waiver.revoked-by', { at: dateTime(waiver.revokedAt), by: by(revoker) })}</small></>,
      }]),
    ]} />
  );
}
