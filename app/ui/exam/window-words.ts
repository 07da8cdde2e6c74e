import type { Text } from '~/text';

/** When an exam can be started, in words. */
export function windowWords({ t, dateTime }: Pick<Text, 't' | 'dateTime'>, { opensAt, closesAt }: { opensAt: number | null; closesAt: number | null }): string {
  if (opensAt === null) return closesAt === null ? t('exams.window-always') : t('exams.window-to', { to: dateTime(closesAt) });
  return closesAt === null ? t('exams.window-from', { from: dateTime(opensAt) }) : t('exams.window-both', { from: dateTime(opensAt), to: dateTime(closesAt) });
}
