import type { ShownGround } from '~/certification';
import { useText } from '~/text/react';
import { wordReason } from '~/text/reason';
import { DataTable } from '../table/table';
import { StatusTag } from '../status/status';

const TONES = { met: 'ok', open: 'due', failed: 'bad', expired: 'bad', waived: 'neutral' } as const;

/** What a record rests on, or what is missing for it: per programme, requirement by requirement. */
export function GroundList({ ground, missing }: { ground: ShownGround; missing?: boolean }) {
  const text = useText();
  const { t, date, lang } = text;
  return (
    <>
      {ground.programmes.map((one) => (
        <div key={one.assignmentId} className="ground">
          <h3>{t('starts.ground-of', { programme: one.title[lang], verdict: one.basis === 'waiver' ? t('starts.ground-waiver', { until: one.until === null ? '' : date(one.until) }) : t(one.permitted ? 'starts.ground-evidence' : 'starts.ground-missing') })}</h3>
          {!one.permitted && one.withdrawnOn !== null && <p>{t('starts.missing-withdrawn', { date: date(one.withdrawnOn) })}</p>}
          {!one.permitted && one.withdrawnOn === null && one.mayStartOn !== null && one.mayStartOn > ground.on && <p>{t('starts.missing-waits', { date: date(one.mayStartOn) })}</p>}
          <DataTable
            caption={one.title[lang]}
            rows={one.requirements}
            rowKey={(row) => row.code}
            empty=""
            columns={[
              { key: 'what', header: t('starts.requirement'), cell: (row) => row.title[lang] },
              { key: 'state', header: t(missing ? 'waiver.state' : 'starts.requirement-state'), cell: (row) => <StatusTag tone={TONES[row.state]}>{t(`clearance.requirement.${row.state}`)}</StatusTag> },
              { key: 'why', header: t('hr.why'), cell: (row) => <>{wordReason(text, row.reason)}{row.evidenceRef !== null && <><br /><small>{t('hr.evidence-ref')} <span className="code wrap-anywhere">{row.evidenceRef}</span></small></>}</> },
            ]}
          />
        </div>
      ))}
    </>
  );
}
