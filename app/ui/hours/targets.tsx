import { ProgressChart } from '~/charts';
import type { AlternativeState, TargetState } from '~/certification';
import { useText } from '~/text/react';
import { figure } from '~/text/hours-words';
import { Card, Cards, EmptyState } from '../page/page';
import { StatusTag } from '../status/status';

/** How somebody stands against each target; the way that is nearest is named. */
export function Targets({ targets, closed }: { targets: TargetState[]; closed: boolean }) {
  const { t } = useText();
  if (targets.length === 0) return <EmptyState title={t('hours.targets-none')}>{t('hours.targets-none-text')}</EmptyState>;
  return <Cards>{targets.map((target) => <TargetCard key={target.code} target={target} closed={closed} />)}</Cards>;
}

function TargetCard({ target, closed }: { target: TargetState; closed: boolean }) {
  const { t, lang } = useText();
  const { from, until, alternatives, nearest, surplus } = target;
  return (
    <Card title={target.title[lang]} meta={<TargetTag target={target} />}>
      <p className="soft small">
        {from === until ? t('hours.target-window-year', { from }) : t('hours.target-window', { from, until })}
        {' · '}{t('hours.target-rule', { rule: target.rule.title[lang], version: target.rule.version })}
      </p>
      {alternatives.length > 1 && <p className="small">{t('hours.target-any')}</p>}
      <ul className="hours-ways">
        {alternatives.map((one, i) => <li key={i}><Way way={one} nearest={alternatives.length > 1 && i === nearest} /></li>)}
      </ul>
      {surplus !== null && surplus > 0 && <p className="small">{t(closed ? 'hours.surplus-closed' : 'hours.surplus', { hundredths: figure(surplus) })}</p>}
    </Card>
  );
}

/** Reached, or how much is missing on the nearest way. */
export function TargetTag({ target }: { target: Pick<TargetState, 'met' | 'alternatives' | 'nearest'> }) {
  const { t } = useText();
  const amount = useAmount();
  const near = target.alternatives[target.nearest];
  if (target.met || !near) return <StatusTag tone="ok">{t('hours.target-met')}</StatusTag>;
  return <StatusTag tone="due">{t('hours.target-open', { missing: amount(near.measure, near.amount - near.done) })}</StatusTag>;
}

/** An amount of a measure in words: 12 days, 90 hours. */
export function useAmount(): (measure: AlternativeState['measure'], hundredths: number) => string {
  const { t } = useText();
  return (measure, hundredths) => t(`hours.alternative.${measure}`, { amount: figure(hundredths) });
}

function Way({ way, nearest }: { way: AlternativeState; nearest: boolean }) {
  const { t } = useText();
  const amount = useAmount();
  const what = amount(way.measure, way.amount);
  return (
    <ProgressChart value={way.done} max={way.amount} brought={way.carried} label={(
      <>
        <span>
          {way.offTheJob ? t('hours.alternative-off-the-job', { what }) : what}
          {nearest && <> · {t('hours.target-nearest')}</>}
          {way.carried > 0 && <> · {t('hours.alternative-carried', { hundredths: figure(way.carried) })}</>}
        </span>
        <span className="figures">{t('hours.alternative-of', { done: figure(way.done), amount: figure(way.amount) })}</span>
      </>
    )} />
  );
}
