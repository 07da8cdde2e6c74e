import { useText } from '~/text/react';
import { StatusTag } from '../status/status';

export type WebhookState = 'active' | 'paused' | 'unusable';

const TONES = { active: 'ok', paused: 'neutral', unusable: 'bad' } as const satisfies Record<WebhookState, string>;

/** Whether messages are sent. */
export function WebhookStateTag({ state }: { state: WebhookState }) {
  const { t } = useText();
  return <StatusTag tone={TONES[state]}>{t(`webhooks.state.${state}`)}</StatusTag>;
}
