import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { credentialsRestingOn } from '~/certification';
import { reader } from '~/db';
import { decideLate, lateEvidence, lateOutcome, type LateEvidence } from '~/exams';
import { authorise, signedIn, type Actor } from '~/identity';
import { statusOf } from '~/kernel/errors';
import { must, type Problem } from '~/kernel/result';
import { regradePreview } from '~/marking';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, ButtonRow, Facts, InstantText, Page, Section } from '~/ui';
import { Consequence, type ConsequenceProps } from '~/ui/late/consequence';
import { CHOICES, LateItem, type Choice } from '~/ui/late/late-item';
import { useLength } from '~/ui/late/length';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const mayDecide = ({ attempt: { state } }: LateEvidence): boolean => state === 'handed-in' || state === 'graded' || state === 'released';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const lang = langOf(request);
  const found = must(await lateEvidence(actor, params['attempt'] ?? ''));
  const { attempt, exam, candidate } = found;
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: textFor(lang).t('late.of', { name: candidate.name }),
    organisation: candidate.organisation,
    exam: exam.title[lang],
    attempt: { id: attempt.id, number: attempt.number, deadlineAt: attempt.deadlineAt, handedInAt: attempt.handedInAt, state: attempt.state },
    toleranceSeconds: exam.toleranceSeconds,
    items: found.items, gaps: found.gaps, files: found.files, decide: mayDecide(found), done,
  });
}

type Answer =
  | { step: 'choosing'; chosen: Record<string, Choice>; reason: string; problem: Problem }
  | { step: 'weighing'; consequence: Omit<ConsequenceProps, 'back'> };

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'adjudicate');
  const attemptId = params['attempt'] ?? '';
  const form = await request.formData();
  const field = (name: string) => { const value = form.get(name); return typeof value === 'string' ? value : ''; };
  const intent = field('intent');
  const evidence = must(await lateEvidence(actor, attemptId));
  const chosen = choicesIn(form, evidence, intent);
  const reason = field('reason').replace(/\0/g, '').trim();
  const named = (choice: Choice) => Object.entries(chosen).flatMap(([id, one]) => (one === choice ? [id] : []));
  const [accept, refuse] = [named('accept'), named('refuse')];
  const again = (problem: Problem) => json({ step: 'choosing', chosen, reason, problem } satisfies Answer, { status: statusOf(problem.code) });
  if (accept.length + refuse.length === 0) return again({ code: 'late.nothing-chosen' });
  if (reason.length < 2) return again({ code: 'field.too-short', field: 'reason' });
  if (reason.length > 1000) return again({ code: 'field.too-long', field: 'reason' });
  if (intent !== 'confirm') return json({ step: 'weighing', consequence: await weigh(actor, evidence, { accept, refuse, reason }) } satisfies Answer);
  const decided = await decideLate(actor, attemptId, { accept, refuse, reason });
  if (!decided.ok) return again(decided.error);
  return redirect(`/adjudicate/${attemptId}?done=${decided.value.replaced ? decided.value.receipt.number : 'same'}`);
}

/** What was chosen for each undecided change; two of the buttons choose for all. */
function choicesIn(form: FormData, { items }: LateEvidence, intent: string): Record<string, Choice> {
  const forAll: Choice | null = intent === 'accept-all' ? 'accept' : intent === 'refuse-all' ? 'refuse' : null;
  const open = items.flatMap(({ changes }) => changes.filter(({ counted }) => counted === null));
  return Object.fromEntries(open.map(({ id }) => [id, forAll ?? CHOICES.find((choice) => choice === form.get(`decide-${id}`)) ?? 'leave']));
}

async function weigh(actor: Actor, { attempt }: LateEvidence, decision: { accept: string[]; refuse: string[]; reason: string }) {
  const outcome = must(await lateOutcome(actor, attempt.id, decision.accept));
  const grade = must(await regradePreview(actor, attempt.id, outcome.after));
  const revokes = grade.released && grade.before.passed && !grade.after.passed ? await credentialsRestingOn(reader(), attempt.personId, attempt.id) : [];
  return { ...decision, replaced: outcome.replaced.length, grade, revokes };
}

export default function AdjudicateAttempt() {
  const data = useLoaderData<typeof loader>();
  const answer: Answer | undefined = useActionData<typeof action>();
  const { t } = useText();
  const back = `/adjudicate/${data.attempt.id}`;
  return (
    <Page title={data.heading} lead={t('late.exam-attempt', { title: data.exam, number: data.attempt.number })} trail={[{ to: '/adjudicate', label: t('late.title') }]}>
      {data.done && !answer && <Banner tone="success" title={data.done === 'same' ? t('late.done') : t('late.done-changed', { number: data.done })} />}
      {answer?.step === 'weighing' ? <Consequence back={back} {...answer.consequence} /> : <Evidence answer={answer} />}
    </Page>
  );
}

function Evidence({ answer }: { answer: Extract<Answer, { step: 'choosing' }> | undefined }) {
  const { items, attempt, decide } = useLoaderData<typeof loader>();
  const { t } = useText();
  const open = items.some(({ changes }) => changes.some(({ counted }) => counted === null));
  const shown = items.map((one) => (
    <LateItem key={one.item.item} one={one} deadline={attempt.deadlineAt} decide={decide} chosen={answer?.chosen ?? {}} />
  ));
  return (
    <>
      <Circumstances />
      {!decide && <Banner tone="info" title={t('late.not-ended')} />}
      {items.length === 0 ? <p>{t('late.none')}</p> : decide && open ? <Deciding answer={answer}>{shown}</Deciding> : <>{decide && <p>{t('late.all-decided')}</p>}{shown}</>}
    </>
  );
}

function Circumstances() {
  const { attempt, organisation, toleranceSeconds, gaps, files } = useLoaderData<typeof loader>();
  const { t, dateTime } = useText();
  const length = useLength();
  return (
    <Facts items={[
      { term: t('late.organisation'), value: organisation },
      { term: t('late.deadline'), value: <InstantText at={attempt.deadlineAt} /> },
      ...(attempt.handedInAt === null ? [] : [{ term: t('exams.handed-in'), value: <InstantText at={attempt.handedInAt} /> }]),
      { term: t('late.tolerance'), value: t('late.tolerance-value', { seconds: toleranceSeconds }) },
      {
        term: t('late.gaps'),
        value: gaps.length === 0 ? t('late.gaps-none')
          : <ul className="plain-list">{gaps.map((gap) => <li key={gap.from}>{t('late.gap', { from: dateTime(gap.from), length: length(gap.to - gap.from) })}</li>)}</ul>,
      },
      ...files.map((file) => ({
        term: t('late.files'),
        value: (
          <>
            {t('late.file', { at: dateTime(file.uploadedAt), reason: file.reason })}
            {file.outcome.handedOverAt !== null && <><br />{t('late.file-handed', { at: dateTime(file.outcome.handedOverAt) })}</>}
          </>
        ),
      })),
    ]} />
  );
}

function Deciding({ answer, children }: { answer: Extract<Answer, { step: 'choosing' }> | undefined; children: React.ReactNode }) {
  const { t, problem } = useText();
  const wrong = answer?.problem.field === 'reason' ? answer.problem : null;
  return (
    <Form method="post" className="form" noValidate>
      {answer && <div className="error-summary" role="alert"><ul><li>{wrong ? <a href="#reason">{t('late.reason')}{t('ui.colon')}{problem(wrong)}</a> : problem(answer.problem)}</li></ul></div>}
      {children}
      <Section title={t('late.choice')}>
        <p>{t('late.rule')}</p>
        <div className={wrong ? 'field field--wrong' : 'field'}>
          <label className="field-label" htmlFor="reason">{t('late.reason')}</label>
          <p className="field-hint" id="reason-hint">{t('late.reason-hint')}</p>
          {wrong && <p className="field-error" id="reason-error">{problem(wrong)}</p>}
          <textarea className="input" id="reason" name="reason" rows={3} maxLength={1000} defaultValue={answer?.reason} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? 'reason-error reason-hint' : 'reason-hint'} />
        </div>
        <ButtonRow>
          <Button kind="primary" name="intent" value="preview">{t('late.preview')}</Button>
          <Button name="intent" value="accept-all">{t('late.accept-all')}</Button>
          <Button name="intent" value="refuse-all">{t('late.refuse-all')}</Button>
        </ButtonRow>
      </Section>
    </Form>
  );
}
