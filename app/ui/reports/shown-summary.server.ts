import { GOOD_STATE, wordGroup, wordShown, wordState, type ReportQuery, type Summary } from '~/reports';
import type { Text } from '~/text';
import { figure } from '~/text/hours-words';
import { cutOff } from '~/text/reason';

/** Numbers by groups in words, and the shares that are drawn of them. */
export function shownSummary(text: Text, { kind, groupBy }: Pick<ReportQuery, 'kind' | 'groupBy'>, summary: Summary, names: ReadonlyMap<string, string>) {
  const { t } = text;
  const good = summary.states.findIndex((state) => state === GOOD_STATE[kind]);
  const line = (key: string, label: string, { all, cells, mean }: Pick<Summary['groups'][number], 'all' | 'cells' | 'mean'>) => ({
    key, label, all: wordShown(text, all), cells: cells.map((cell) => wordShown(text, cell)), mean: mean === null ? '' : kind === 'hours' ? figure(mean) : String(cutOff(mean)),
    ...shareOf(all, cells[good]),
  });
  return {
    grouping: t(`reports.group.${groupBy}`), lines: t(`reports.lines.${kind}`), states: summary.states.map((state) => wordState(text, kind, state)),
    mean: kind === 'clearance' || kind === 'completion' ? null : t(`reports.mean.${kind}`),
    chart: good < 0 ? null : t('reports.share-of', { state: wordState(text, kind, summary.states[good] ?? '') }), hideSmall: summary.hideSmall,
    groups: summary.groups.map((group) => line(group.key, wordGroup(text, groupBy, group.key, names), group)),
    total: line('', t('reports.group-all'), { all: summary.all, cells: summary.totals, mean: summary.mean }),
  };
}

/** Of what may be told only. */
function shareOf(all: Summary['all'], good: Summary['all'] | undefined): { share: number | null; shareText: string } {
  if (all.kind !== 'count' || good?.kind !== 'count' || all.value === 0) return { share: null, shareText: '—' };
  const share = good.value / all.value;
  return { share, shareText: `${cutOff(share * 100)}%（${good.value}/${all.value}）` };
}

export type ShownSummary = ReturnType<typeof shownSummary>;
