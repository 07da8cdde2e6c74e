import type { CredentialAct } from '~/certification';
import { hasOwn } from '~/kernel/own';
import { wordCredentialReason } from '~/text/credential-reason';
import { useText } from '~/text/react';
import { StatusTag } from '../status/status';

/** An act as pages show it: who, what, why. */
export const shownAct = (act: CredentialAct) => ({
  id: act.id, kind: act.kind, state: act.state, reason: act.reason, explanation: act.explanation, name: act.name, organisation: act.organisation, number: act.number,
  asker: act.asker, askedAt: act.asked_at, decider: act.decider, decidedAt: act.decided_at, note: act.decision_note, successor: act.successor,
});
export type ShownAct = ReturnType<typeof shownAct>;

const TONES = {
  'asked': 'due', 'in-force': 'due', 'carried-out': 'neutral', 'refused': 'neutral', 'withdrawn': 'neutral', 'lifted': 'ok', 'overtaken': 'neutral',
} as const satisfies Record<CredentialAct['state'], 'due' | 'neutral' | 'ok'>;

export function ActState({ state }: { state: CredentialAct['state'] }) {
  const { t } = useText();
  return <StatusTag tone={TONES[state]}>{t(`acts.state.${state}`)}</StatusTag>;
}

const FACTS = {
  name: 'credential.name', recruitmentNumber: 'credential.recruitment-number', organisation: 'credential.organisation', post: 'credential.post',
} as const;
const isFact = (fact: string): fact is keyof typeof FACTS => hasOwn(FACTS, fact);

/** The kind of reason; of a correction, what was corrected. */
export function ActReason({ act: { kind, reason } }: { act: Pick<ShownAct, 'kind' | 'reason'> }) {
  const text = useText();
  if (kind !== 'correction') return <>{wordCredentialReason(text, reason)}</>;
  const facts = reason.split(' ').filter(isFact).map((fact) => text.t(FACTS[fact]));
  return <>{text.t('acts.corrected-facts', { facts: facts.join(text.lang === 'zh' ? '、' : ', ') })}</>;
}
