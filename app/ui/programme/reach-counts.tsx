import { useText } from '~/text/react';
import { Counts } from '../status/status';

/** What publishing would do, in numbers. */
export function ReachCounts({ reach }: { reach: { total: number; fresh: number; former: number; exceptions: number } }) {
  const { t } = useText();
  return (
    <>
      <Counts items={[
        { label: t('programme.count.total'), value: reach.total },
        { label: t('programme.count.fresh'), value: reach.fresh, tone: 'ok' },
        { label: t('programme.count.former'), value: reach.former },
        { label: t('programme.count.exceptions'), value: reach.exceptions, ...(reach.exceptions > 0 && { tone: 'bad' as const }) },
      ]} />
      <p className="numbers-text">{t('programme.count-text')}</p>
    </>
  );
}
