import type { Duty } from '~/certification';
import type { PlainDate } from '~/kernel/calendar';
import type { Text } from '~/text';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { ButtonLink } from '../button/button';
import { NextAction } from './next-action';
import type { ShownRenewal } from './own-duties.server';

export interface RenewalBannerProps {
  renewal: ShownRenewal;
  /** How far away its end is; negative: it has passed. */
  daysLeft: number;
  /** The assignment by which it is renewed; `below`: the page tells about it anyway, with its button. */
  duty: Duty | 'below' | undefined;
}

/** Something that is held ends: until when it holds, what renews it, and the next step of that. */
export function RenewalBanner({ renewal, daysLeft, duty }: RenewalBannerProps) {
  const text = useText();
  return (
    <Banner tone={daysLeft <= URGENT_DAYS ? 'warning' : 'info'} title={titleOf(text, renewal, daysLeft)}>
      <p>{sentenceOf(text, renewal)}</p>
      {duty !== 'below' && (
        <div className="button-row">{duty ? <NextAction duty={duty} kind="secondary" /> : <ButtonLink to={`/my/clearance/${renewal.assignmentId}`} kind="quiet">{text.t('clearance.details')}</ButtonLink>}</div>
      )}
    </Banner>
  );
}

const URGENT_DAYS = 30;

function titleOf({ t, date }: Text, { title, endsOn, state }: ShownRenewal, days: number): string {
  if (state === 'lapsed') return t('home.renewal-lapsed', { title, on: date(endsOn) });
  return t(days === 0 ? 'home.renewal-ends-today' : 'home.renewal-ends', { title, until: date(endsOn), days });
}

function sentenceOf({ t, date }: Text, { law, by, opensOn, state }: ShownRenewal): string {
  const due = (on: PlainDate) => date(on);
  if (law !== null && by) return t(state === 'lapsed' ? 'home.renewal-law-late' : 'home.renewal-law', { law, dueOn: due(by.dueOn) });
  if (by) return t(state === 'lapsed' ? 'home.renewal-late' : 'home.renewal-open', { dueOn: due(by.dueOn) });
  if (opensOn !== null) return t('home.renewal-later', { opensOn: due(opensOn) });
  return t('home.renewal-none');
}
