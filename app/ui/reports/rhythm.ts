import type { Text } from '~/text';

/** How often a report is made, in words. */
export function rhythmText({ t }: Text, { rhythm, day, hour }: { rhythm: 'daily' | 'weekly' | 'monthly'; day: number; hour: number }): string {
  const at = `${String(hour).padStart(2, '0')}:00`;
  if (rhythm === 'daily') return t('reports.rhythm-daily', { at });
  return rhythm === 'weekly' ? t('reports.rhythm-weekly', { at, weekday: t(`reports.weekday.${weekdayOf(day)}`) }) : t('reports.rhythm-monthly', { at, day });
}

export const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const;
const weekdayOf = (day: number) => WEEKDAYS[day - 1] ?? '1';
