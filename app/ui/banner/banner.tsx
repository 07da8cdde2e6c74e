import type { ReactNode } from 'react';
import { useText } from '~/text/react';

export type BannerTone = 'info' | 'success' | 'warning' | 'danger';

/** What just happened, or what the reader has to know first. The tone is also said in words. */
export function Banner({ tone, title, children }: { tone: BannerTone; title?: ReactNode; children?: ReactNode }) {
  const { t } = useText();
  return (
    <div className={`banner banner--${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
      <p className="banner-title"><span className="banner-tone">{t(`ui.tone.${tone}`)}</span>{title}</p>
      {children && <div className="banner-body">{children}</div>}
    </div>
  );
}
