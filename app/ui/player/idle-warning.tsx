import { useText } from '~/text/react';
import { Banner } from '../banner/banner';

/** Says that nothing was done for a while. Nothing happens; any key, touch or movement takes it away. */
export function IdleWarning({ minutes }: { minutes: number | null }) {
  const { t } = useText();
  return minutes === null ? null : <Banner tone="info" title={t('integrity.idle-warning', { minutes })}><p>{t('integrity.idle-warning-hint')}</p></Banner>;
}
