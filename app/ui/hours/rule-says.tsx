import type { HourRule } from '~/certification';
import { figure, hoursWith, wordHourKind } from '~/text/hours-words';
import { useText } from '~/text/react';
import { Facts } from '../facts/facts';

type Conversion = NonNullable<HourRule['convert']['classroom']>;

/** A version of a rule set read back as sentences, for people who do not read YAML. */
export function RuleSays({ rule }: { rule: HourRule }) {
  const text = useText();
  const { t, lang } = text;
  const kinds = (some: readonly string[]) => some.map((kind) => wordHourKind(text, kind)).join(lang === 'zh' ? '、' : ', ');
  const limits = [
    ...rule.caps.map((cap) => t(`hours.says.cap-${cap.per}`, { kinds: kinds(cap.kinds), hundredths: amountIn(text, cap.hours) })),
    ...(rule.leave ? [t('hours.says.leave', rule.leave.atMost), t(`hours.says.leave-${rule.leave.within}`)] : []),
  ];
  const { regions, ranks } = rule.applies;
  return (
    <Facts items={[
      { term: t('hours.rule-regions'), value: regions === 'all' ? t('hours.rule-regions-all') : regions.join(', ') },
      { term: t('hours.rule-ranks'), value: ranks.map((rank) => t(`hours.rank.${rank}`)).join(lang === 'zh' ? '、' : ', ') },
      { term: t('hours.says.convert-title'), value: <Lines of={KINDS.flatMap((kind) => converted(text, kind, rule))} /> },
      { term: t('hours.says.limits-title'), value: <Lines of={limits} /> },
      { term: t('hours.says.targets-title'), value: <Lines of={rule.targets.map((target) => targetLine(text, target))} /> },
      { term: t('hours.rule-source'), value: <Lines of={rule.source} /> },
    ]} />
  );
}

function Lines({ of }: { of: readonly string[] }) {
  const { t } = useText();
  if (of.length === 0) return <>{t('hours.says.none')}</>;
  return <ul className="hours-steps">{of.map((line) => <li key={line}>{line}</li>)}</ul>;
}

const KINDS = ['online-course', 'exam-passed', 'classroom', 'transfer'] as const;

function converted(text: Words, kind: (typeof KINDS)[number], rule: HourRule): string[] {
  const one = rule.convert[kind];
  return one ? [`${wordHourKind(text, kind)}${text.t('ui.colon')}${conversion(text, one)}`] : [];
}

type Words = ReturnType<typeof useText>;

/** The Chinese sentences carry the unit, as it stands in the middle of them. */
const amountIn = (text: Words, hundredths: number): string => (text.lang === 'zh' ? figure(hundredths) : hoursWith(text, hundredths));

function conversion(text: Words, one: Conversion): string {
  const { t, lang } = text;
  switch (one.by) {
    case 'minutes': return t('hours.says.minutes', { minutes: one.minutes });
    case 'stated': return t('hours.says.stated');
    case 'day': return t('hours.says.day', { hundredths: amountIn(text, one.hours) });
    case 'fixed': return t('hours.says.fixed', { hundredths: amountIn(text, one.hours) });
    case 'steps': {
      const steps = one.steps.map(({ atLeast, moreThan = 0, hours }) => (atLeast === undefined
        ? t('hours.says.more-than', { minutes: moreThan, hundredths: amountIn(text, hours) }) : t('hours.says.at-least', { minutes: atLeast, hundredths: amountIn(text, hours) })))
        .join(lang === 'zh' ? '，' : ', ');
      return t(one.unit === 'lesson' ? 'hours.says.lesson' : 'hours.says.steps', { steps });
    }
  }
}

function targetLine(text: Words, target: HourRule['targets'][number]): string {
  const { t, lang } = text;
  const ways = target.anyOf.map((one) => {
    const what = t(`hours.alternative.${one.measure}`, { amount: figure(one.amount) });
    return one.offTheJob ? t('hours.alternative-off-the-job', { what }) : what;
  }).join(t('hours.says.or'));
  const carry = target.carryOver === 'none' ? t('hours.says.carry-none') : target.carryOver === 'all' ? t('hours.says.carry-all')
    : t('hours.says.carry-some', { hundredths: figure(target.carryOver.atMost) });
  const comma = lang === 'zh' ? '，' : ', ';
  const ranks = target.ranks.length === 1 ? [t(`hours.rank.${target.ranks[0] ?? 'others'}`)] : [];
  return `${[target.title[lang], ...ranks].join(comma)}${t('ui.colon')}${[ways, carry].join(comma)}`;
}
