import { Form } from '@remix-run/react';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Button } from '../button/button';
import { Section } from '../page/page';
import { Verdict } from '../item/verdict';

export interface CheckQuestion {
  question: string;
  options: string[];
}

/** What came of one answer; options are counted from 1, 0 means that none was chosen. */
export interface CheckAnswer {
  chosen: number;
  right: number;
  explanation: string;
}

/** Check your understanding: a form whose answer shows right, wrong and why. Nothing is kept. */
export function LessonChecks({ checks, answers }: { checks: CheckQuestion[]; answers: CheckAnswer[] | null }) {
  const { t } = useText();
  const right = answers?.filter((answer) => answer.chosen === answer.right).length ?? 0;
  return (
    <Section title={t('courses.checks')} id="checks">
      <p>{t('courses.checks-lead')}</p>
      {answers && <Banner tone="info" title={t('courses.checks-count', { count: checks.length, right })} />}
      <Form method="post" action="#checks" className="form" preventScrollReset>
        {checks.map((check, i) => <Question key={i} check={check} number={i + 1} answer={answers?.[i] ?? null} />)}
        <Button type="submit">{t(answers ? 'courses.checks-again' : 'courses.checks-send')}</Button>
      </Form>
    </Section>
  );
}

function Question({ check, number, answer }: { check: CheckQuestion; number: number; answer: CheckAnswer | null }) {
  const { t } = useText();
  const name = `check-${number - 1}`;
  return (
    <fieldset className="field">
      <legend className="field-label"><span className="item-number">{t('courses.check-number', { number })}</span> <span lang="zh-CN">{check.question}</span></legend>
      {check.options.map((option, i) => (
        <label key={option} className="option">
          <input className="option-control" type="radio" name={name} value={i + 1} defaultChecked={answer?.chosen === i + 1} />
          <span className="option-text" lang="zh-CN">{option}</span>
        </label>
      ))}
      {answer && <Verdict state={answer.chosen === 0 ? 'unanswered' : answer.chosen === answer.right ? 'right' : 'wrong'} right={[check.options[answer.right - 1] ?? '']} explanation={answer.explanation} />}
    </fieldset>
  );
}
