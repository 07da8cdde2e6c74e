import { useText } from '~/text/react';
import { StatusTag } from '../status/status';

export type VersionStanding = 'draft' | 'withdrawn' | 'in-force' | 'coming' | 'former';

const TONE = { 'draft': 'due', 'withdrawn': 'neutral', 'in-force': 'ok', 'coming': 'due', 'former': 'neutral' } as const;

/** Where a version stands among the others. */
export function VersionTag({ standing }: { standing: VersionStanding }) {
  const { t } = useText();
  return <StatusTag tone={TONE[standing]}>{t(`programme.state.${standing}`)}</StatusTag>;
}
