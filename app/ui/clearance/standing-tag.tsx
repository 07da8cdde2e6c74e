import type { ConfirmationStanding } from '~/certification';
import { useText } from '~/text/react';
import { StatusTag } from '../status/status';

/** How somebody stands with what is required before confirmation. */
export function StandingTag({ standing }: { standing: ConfirmationStanding }) {
  const { t, date } = useText();
  switch (standing.kind) {
    case 'confirmed': return <StatusTag tone="ok">{t('confirmation.state.confirmed', { date: date(standing.on) })}</StatusTag>;
    case 'none': return <StatusTag tone="neutral">{t('confirmation.state.none')}</StatusTag>;
    case 'missing': return <StatusTag tone="due">{t('confirmation.state.missing', { open: standing.open })}</StatusTag>;
    case 'waived': return <StatusTag tone="due">{t('confirmation.state.waived')}</StatusTag>;
    case 'met': return <StatusTag tone="ok">{t(standing.ready ? 'confirmation.state.ready' : 'confirmation.state.met')}</StatusTag>;
  }
}
