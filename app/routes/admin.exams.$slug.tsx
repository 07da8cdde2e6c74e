import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { changeSettings, findExamBySlug, openPractice, setPractice } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { bankList, blueprintItems } from '~/itembank';
import { localTimeAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { must, err, ok } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Facts, Page, PostButton, Section, StatusTag } from '~/ui';
import { ExamRulesForm } from '~/ui/exam/rules-form';
import { ExamRules, settingsOf } from '~/ui/exam/rules-form.server';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const FORMS = { rules: ExamRules, practice: z.object({ on: z.enum(['yes', 'no']) }) };

/** A practice exam follows the real one: it has no rules of its own to set. */
async function examOf(slug: string | undefined) {
  const exam = await findExamBySlug(reader(), slug ?? '');
  return must(exam && exam.practiceOf === null ? ok(exam) : err('not-found'));
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'set exams');
  const exam = await examOf(params['slug']);
  const lang = langOf(request);
  const zone = config().TIME_ZONE;
  const local = (at: number | null) => (at === null ? '' : localTimeAt(at, zone));
  const bank = (await bankList(reader())).find(({ id }) => id === exam.bankId);
  return json({
    heading: textFor(lang).t('settings.of', { title: exam.title[lang] }),
    zone, minutes: exam.minutes, cutScore: exam.cutScore, items: blueprintItems(exam.blueprint), bank: bank?.title ?? null,
    blueprint: exam.blueprint.map(({ type, count, points }) => ({ type, count, points })),
    rules: {
      version: exam.version, delivery: exam.delivery, opensAt: local(exam.opensAt), closesAt: local(exam.closesAt), maxAttempts: exam.maxAttempts,
      coolingOffHours: exam.coolingOffHours, release: exam.release, toleranceSeconds: exam.toleranceSeconds,
      windowCutsExtra: exam.windowCutsExtra, ownTakeover: exam.ownTakeover, observed: exam.observed, idleMinutes: exam.idleMinutes ?? '',
      sections: exam.sections.map(({ title, lines, minutes, oneWay }) => ({ zh: title.zh, en: title.en, lines, minutes: minutes ?? '', oneWay })),
    },
    practice: (await openPractice(exam.id)) !== null,
    saved: new URL(request.url).searchParams.has('saved'),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set exams');
  const exam = await examOf(params['slug']);
  const form = await parseOneOf(request, FORMS);
  if (!form.ok) return form.response;
  switch (form.form) {
    case 'rules': {
      const changed = await changeSettings(actor, exam.id, form.value.version, settingsOf(form.value));
      return changed.ok ? redirect(`/admin/exams/${exam.slug}?saved=1`) : form.refuse(changed.error);
    }
    case 'practice': {
      const set = await setPractice(actor, exam.id, form.value.on === 'yes');
      return set.ok ? redirect(`/admin/exams/${exam.slug}#practice`) : json({ problem: set.error });
    }
  }
}

export default function AdminExam() {
  const data = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, problem } = useText();
  return (
    <Page title={data.heading} lead={t('settings.lead')} trail={[{ to: '/admin', label: t('shell.nav-admin') }, { to: '/admin/exams', label: t('exams.settings-title') }]}>
      {data.saved && <Banner tone="success" title={t('settings.saved')} />}
      {answer && 'problem' in answer && <Banner tone="danger" title={problem(answer.problem)} />}
      <Facts items={[
        { term: t('settings.bank'), value: data.bank ?? t('exams.settings-bank-none') },
        { term: t('settings.fixed'), value: t('exams.settings-fixed-short', { minutes: data.minutes, cut: data.cutScore, items: data.items }) },
      ]} />
      <p><ButtonLink to="/admin/banks">{t('exams.settings-bank-change')}</ButtonLink></p>
      <ExamRulesForm key={data.rules.version} {...data} />
      <Section title={t('start.practice-settings')} id="practice">
        <p>{t('start.practice-settings-lead')}</p>
        <p><StatusTag tone={data.practice ? 'ok' : 'neutral'}>{t(data.practice ? 'start.practice-is-open' : 'start.practice-is-closed')}</StatusTag></p>
        <PostButton fields={{ __form: 'practice', on: data.practice ? 'no' : 'yes' }}>{t(data.practice ? 'start.practice-close' : 'start.practice-open')}</PostButton>
      </Section>
    </Page>
  );
}
