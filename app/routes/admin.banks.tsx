import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { courseList, countShippedItems, findCourse, findCourseById } from '~/courses';
import { reader } from '~/db';
import { chooseBank, findExam, listExams } from '~/exams';
import { authorise, signedIn, type Actor } from '~/identity';
import { bankCounts, bankList, checkBlueprint, findBank, loadShippedItems, makeBank } from '~/itembank';
import { ok, ProblemError, type Result } from '~/kernel/result';
import { textFor, type Lang } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, CheckboxField, DataTable, FormBox, Page, Section, SelectField, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { bankName } from '~/ui/item/bank-name';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Choose = z.object({ exam: z.string(), bank: z.string() });
const Make = z.object({ course: z.string(), title: z.string().trim().min(2).max(80) });
const Load = z.object({ course: z.string(), aware: z.boolean().default(false).refine(Boolean, 'itembank.confirm-public') });

/** What was just done, as the address says it: `chosen=<exam>`, `made=<bank>`, `loaded=<count>`. */
async function doneOf(query: URLSearchParams, lang: Lang, t: ReturnType<typeof textFor>['t']): Promise<string | null> {
  const [exam, made] = await Promise.all([findExam(reader(), query.get('chosen') ?? ''), findBank(reader(), query.get('made') ?? '')]);
  if (made) return t('itembank.made', { bank: made.title });
  const bank = exam?.bankId ? await findBank(reader(), exam.bankId) : null;
  if (exam && bank) return t('itembank.chosen', { exam: exam.title[lang], bank: bankName(t, bank) });
  const loaded = Number(query.get('loaded'));
  return loaded > 0 ? t('itembank.loaded', { count: loaded }) : null;
}

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'choose item banks');
  const { lang, t } = textFor(langOf(request));
  const [banks, exams, courses] = await Promise.all([bankList(reader()), listExams(reader()), courseList(reader(), { lang })]);
  const items = await Promise.all(courses.map(async ({ slug }) => countShippedItems(reader(), (await findCourse(reader(), slug))?.versionId ?? '')));
  return json({
    heading: t('itembank.admin-title'), done: await doneOf(new URL(request.url).searchParams, lang, t),
    banks: banks.map((bank) => ({ id: bank.id, name: bankName(t, bank), origin: bank.origin, items: bank.items })),
    exams: await Promise.all(exams.map(async ({ id, slug, title, bankId, blueprint }) => ({
      id, slug, title: title[lang], bankId,
      short: bankId === null ? 0 : checkBlueprint(await bankCounts(reader(), bankId), blueprint).length,
    }))),
    courses: courses.map(({ id, slug, title }, i) => ({ id, slug, title, items: items[i] ?? 0 })),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'choose item banks');
  const form = await parseOneOf(request, { choose: Choose, make: Make, load: Load });
  if (!form.ok) return form.response;
  const done = await doneWith(actor, form);
  return done.ok ? redirect(`/admin/banks?${done.value}`) : form.refuse(done.error);
}

type Posted =
  | { form: 'choose'; value: z.infer<typeof Choose> }
  | { form: 'make'; value: z.infer<typeof Make> }
  | { form: 'load'; value: z.infer<typeof Load> };

/** Carries out one of the page's forms; answers with what to say afterwards. */
async function doneWith(actor: Actor, posted: Posted): Promise<Result<string>> {
  if (posted.form === 'choose') {
    if (!await findBank(reader(), posted.value.bank)) throw new ProblemError({ code: 'request.invalid' });
    const chosen = await chooseBank(actor, posted.value.exam, posted.value.bank);
    return chosen.ok ? ok(`chosen=${chosen.value.id}`) : chosen;
  }
  if (posted.form === 'make') {
    const course = await findCourseById(reader(), posted.value.course);
    if (!course) throw new ProblemError({ code: 'request.invalid' });
    const made = await makeBank(actor, { course, title: posted.value.title });
    return made.ok ? ok(`made=${made.value}`) : made;
  }
  authorise(actor, 'load items');
  const loaded = await loadShippedItems(actor, posted.value.course);
  return loaded.ok ? ok(`loaded=${loaded.value.items}`) : loaded;
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Banks() {
  const { done, banks, exams, courses } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('itembank.admin-title')} lead={t('itembank.admin-lead')} width="wide">
      {done && <Banner tone="success" title={done} />}
      <Section title={t('itembank.choose-title')}>
        <ExamTable exams={exams} banks={banks} />
        {banks.length === 0 ? <p>{t('itembank.choose-none')}</p> : exams.length > 0 && <ChooseForm exams={exams} banks={banks} />}
      </Section>
      <Section title={t('itembank.banks')}>
        <DataTable caption={t('itembank.banks')} rows={banks} rowKey={(bank) => bank.id} empty={t('itembank.banks-none')} columns={[
          { key: 'name', header: t('itembank.bank'), cell: (bank) => bank.name },
          { key: 'origin', header: t('itembank.origin'), cell: (bank) => <StatusTag tone={bank.origin === 'own' ? 'neutral' : 'due'}>{t(`itembank.origin.${bank.origin}`)}</StatusTag> },
          { key: 'text', header: t('itembank.origin-means'), cell: (bank) => t(`itembank.origin-text.${bank.origin}`) },
          { key: 'items', header: t('itembank.bank-items'), cell: (bank) => bank.items, numeric: true },
        ]} />
      </Section>
      <MakeForm courses={courses} />
      <LoadForm courses={courses.filter((course) => course.items > 0)} />
    </Page>
  );
}

function ExamTable({ exams, banks }: Pick<Data, 'exams' | 'banks'>) {
  const { t } = useText();
  return (
    <DataTable caption={t('itembank.choose-title')} rows={exams} rowKey={(exam) => exam.id} empty={t('itembank.exams-none')} columns={[
      { key: 'exam', header: t('itembank.exam'), cell: (exam) => exam.title },
      { key: 'bank', header: t('itembank.draws-from'), cell: (exam) => banks.find((bank) => bank.id === exam.bankId)?.name ?? t('itembank.draws-from-none') },
      { key: 'state', header: t('itembank.state'), cell: (exam) => <ExamState exam={exam} /> },
      { key: 'blueprint', header: t('itembank.exams'), cell: (exam) => <Link to={`/author/blueprints/${exam.slug}`}>{t('itembank.see-blueprint')}</Link> },
    ]} />
  );
}

function ExamState({ exam }: { exam: Data['exams'][number] }) {
  const { t } = useText();
  if (exam.bankId === null) return <StatusTag tone="bad">{t('itembank.state.no-bank')}</StatusTag>;
  return exam.short > 0 ? <StatusTag tone="bad">{t('itembank.state.short', { count: exam.short })}</StatusTag> : <StatusTag tone="ok">{t('itembank.state.ready')}</StatusTag>;
}

function ChooseForm({ exams, banks }: Pick<Data, 'exams' | 'banks'>) {
  const { t } = useText();
  const form = useFormReply<typeof Choose>({ id: 'choose', ...(exams.length === 1 && { defaultValue: { exam: exams[0]?.id ?? '' } }) });
  return (
    <div className="measure"><FormBox form={form}>
      <SelectField form={form} name="exam" label={t('itembank.exam')} options={exams.map((exam) => ({ value: exam.id, label: exam.title }))} />
      <SelectField form={form} name="bank" label={t('itembank.choose-bank')} options={banks.map((bank) => ({ value: bank.id, label: `${bank.name}（${t(`itembank.origin.${bank.origin}`)}，${bank.items}）` }))} />
      <SubmitButton kind="secondary">{t('itembank.choose')}</SubmitButton>
    </FormBox></div>
  );
}

function MakeForm({ courses }: Pick<Data, 'courses'>) {
  const { t } = useText();
  const form = useFormReply<typeof Make>({ id: 'make' });
  return (
    <Section title={t('itembank.make-title')}>
      <p>{t('itembank.make-text')}</p>
      <div className="measure"><FormBox form={form}>
        <SelectField form={form} name="course" label={t('itembank.make-course')} options={courses.map((course) => ({ value: course.id, label: course.title }))} />
        <TextField form={form} name="title" label={t('itembank.make-name')} hint={t('itembank.make-name-hint')} maxLength={80} />
        <SubmitButton kind="secondary">{t('itembank.make')}</SubmitButton>
      </FormBox></div>
    </Section>
  );
}

function LoadForm({ courses }: Pick<Data, 'courses'>) {
  const { t } = useText();
  const form = useFormReply<typeof Load>({ id: 'load' });
  return (
    <Section title={t('itembank.load-title')}>
      <p>{t('itembank.load-text')}</p>
      <div className="measure"><FormBox form={form}>
        <SelectField form={form} name="course" label={t('itembank.load-course')} options={courses.map((course) => ({ value: course.slug, label: `${course.title} · ${course.items}` }))} />
        <CheckboxField form={form} name="aware" label={t('itembank.load-confirm')} />
        <SubmitButton kind="secondary">{t('itembank.load')}</SubmitButton>
      </FormBox></div>
    </Section>
  );
}
