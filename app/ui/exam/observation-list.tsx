import type { Text } from '~/text';
import { useText } from '~/text/react';
import { DataTable } from '../table/table';
import { InstantText } from '../time/time';

/** An observation as the server tells it. */
export interface ShownObservation {
  id: string;
  kind: string;
  at: number;
  seconds: number | null;
  count: number | null;
  from: string | null;
  to: string | null;
  note: string | null;
}

/** The name of a kind of observation. */
export function observationKind({ t, has }: Text, kind: string): string {
  const key = `integrity.kind.${kind}`;
  return has(key) ? t(key) : kind;
}

/** How long, how much, from where: what is known of an observation beyond its kind. Empty where nothing is. */
export function observationDetail(text: Text, { kind, seconds, count, from, to, note }: Omit<ShownObservation, 'id' | 'at'>): string {
  const { t } = text;
  if (note !== null) return note;
  if (seconds !== null) return durationText(text, seconds);
  if (count !== null && (kind === 'paste' || kind === 'fast-answers')) return t(`integrity.what.${kind}`, { count });
  return from !== null && to !== null ? t('integrity.what.address', { from, to }) : '';
}

function durationText({ t }: Text, seconds: number): string {
  return seconds < 60 ? t('integrity.what.seconds', { seconds })
    : t('integrity.what.minutes', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

/** Observations one by one, in their order. */
export function ObservationList({ observations, caption, empty }: { observations: ShownObservation[]; caption: string; empty: string }) {
  const text = useText();
  const { t } = text;
  return (
    <DataTable
      caption={caption}
      rows={observations}
      rowKey={(row) => row.id}
      empty={empty}
      columns={[
        { key: 'what', header: t('integrity.what'), cell: (row) => observationKind(text, row.kind) },
        { key: 'much', header: t('integrity.how-much'), cell: (row) => observationDetail(text, row) || '—' },
        { key: 'when', header: t('integrity.when'), cell: (row) => <InstantText at={row.at} /> },
      ]}
    />
  );
}

/** The same kind by kind: how often, and together how long or how much. */
export function ObservationSums({ observations }: { observations: ShownObservation[] }) {
  const text = useText();
  const kinds = [...new Set(observations.map(({ kind }) => kind))];
  return (
    <ul>
      {kinds.map((kind) => <li key={kind}>{observationKind(text, kind)}{text.t('ui.colon')}{sumText(text, kind, observations.filter((one) => one.kind === kind))}</li>)}
    </ul>
  );
}

function sumText(text: Text, kind: string, rows: ShownObservation[]): string {
  const sum = (of: 'seconds' | 'count'): number | null =>
    (rows.some((row) => row[of] !== null) ? rows.reduce((total, row) => total + (row[of] ?? 0), 0) : null);
  const what = observationDetail(text, { kind, seconds: sum('seconds'), count: kind === 'paste' ? sum('count') : null, from: null, to: null, note: null });
  return what === '' ? text.t('integrity.times', { times: rows.length }) : text.t('integrity.together', { times: rows.length, what });
}
