import { createContext, useContext, type ReactNode } from 'react';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { useText } from '~/text/react';

const Today = createContext<PlainDate | null>(null);

/** Tells the components below which date it is in the deployment's zone; `AppShell` does it. */
export function TodayProvider({ today, children }: { today: PlainDate | null; children: ReactNode }) {
  return <Today.Provider value={today}>{children}</Today.Provider>;
}

const DAY = 86_400_000;
// Plain dates count in whole days whatever the zone, and a calendar library would double the page's weight.
const dayNumber = (date: PlainDate): number => Date.parse(`${date}T00:00:00Z`) / DAY;

/** 2026年7月1日（周三）; with `far` also how far away: 3 天后. */
export function DateText({ date, far }: { date: PlainDate; far?: boolean }) {
  const text = useText();
  const today = useContext(Today);
  return (
    <span className="date">
      <time dateTime={date}>{text.date(date)}</time>
      {far && today && <span className="date-far"><Far days={dayNumber(date) - dayNumber(today)} /></span>}
    </span>
  );
}

function Far({ days }: { days: number }) {
  const { t } = useText();
  if (days === 0) return <>{t('ui.today')}</>;
  if (days === 1) return <>{t('ui.tomorrow')}</>;
  if (days === -1) return <>{t('ui.yesterday')}</>;
  return <>{days > 0 ? t('ui.in-days', { days }) : t('ui.days-ago', { days: -days })}</>;
}

/** An instant to the minute, in the deployment's zone. */
export function InstantText({ at }: { at: Instant }) {
  const { dateTime } = useText();
  return <time className="date" dateTime={new Date(at).toISOString()}>{dateTime(at)}</time>;
}
