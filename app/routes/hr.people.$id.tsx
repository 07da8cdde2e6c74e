import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { eventsAbout } from '~/audit';
import { clearancesPassed, myDuties, survivorOf } from '~/certification';
import { reader } from '~/db';
import { accountOfPerson, accountRoles, authorise, can, presentCode, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { badAddressesOf } from '~/notices';
import { newCodeForPerson, openPersonCard, pathsOfPerson } from '~/people';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, DateText, Disclosure, Facts, FormBox, Page, Section, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { AccountStateTag } from '~/ui/people/account-states';
import { EventList } from '~/ui/people/event-list';
import { FreshCodeBanner } from '~/ui/people/fresh-code';
import { shownEvents } from '~/ui/people/shown-events.server';
import { PassedClearances } from '~/ui/records/passed-clearances';

export const meta = pageTitle;

const HelpForm = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300) });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see people');
  const survivor = await survivorOf(reader(), params['id'] ?? '');
  if (survivor) return redirect(`/hr/people/${survivor}`);
  const card = await openPersonCard(actor, params['id'] ?? '');
  if (!card) throw new ProblemError({ code: 'not-found' });
  const account = await accountOfPerson(reader(), card.id);
  const code = account && await presentCode(reader(), account.id);
  const roles = account ? await accountRoles(reader(), account.id) : [];
  const organisationPath = card.appointments.filter((one) => one.endedOn === null).map((one) => one.organisationPath);
  const everServed = await pathsOfPerson(reader(), card.id);
  return json({
    heading: card.name, card,
    account: account && {
      signInName: account.signInName, state: account.state, hasRoles: roles.length > 0,
      codeUntil: code && code.expires_at > clock.now() ? code.expires_at : null,
    },
    clearances: (await myDuties(reader(), card.id, clock.now())).map(({ assignmentId, programme, status, mayStartOn, done, total }) => ({
      assignmentId, programme, status, mayStartOn, done, total,
    })),
    passed: await clearancesPassed(actor, card.id),
    maySeeNotices: can(actor, 'see what was sent', { personId: card.id, organisationPath }), bad: (await badAddressesOf(reader(), card.id)).map(({ address, detail }) => ({ address, detail })),
    mayHelp: can(actor, 'help with signing in', { personId: card.id, organisationPath }),
    mayAccommodate: can(actor, 'grant accommodations', { personId: card.id, organisationPath }),
    mayAppoint: can(actor, 'change appointments', { personId: card.id, organisationPath }),
    mayCorrect: can(actor, 'correct a person', { personId: card.id, organisationPath: everServed }), mayReadNumber: can(actor, 'see an identity number', { personId: card.id, organisationPath: everServed }),
    changeable: card.appointments.filter((one) => can(actor, 'change appointments', { organisationPath: one.organisationPath })).map((one) => one.id),
    done: DONE.find((one) => one === new URL(request.url).searchParams.get('done')) ?? null,
    mayTransfer: can(actor, 'transfer people', { personId: card.id, organisationPath }),
    mayLink: can(actor, 'link numbers', { personId: card.id, organisationPath }) && !card.numbers.some((one) => one.kind === 'staff'),
    events: await shownEvents(reader(), (await eventsAbout(reader(), card.id, 100)).filter(concernsHr).slice(0, 50)),
  });
}

const DONE = ['added', 'corrected', 'unchanged', 'ended', 'moved', 'person'] as const;

/** Which lesson somebody opened, and what an invigilator saw, is not for the personnel page. */
const concernsHr = (event: { kind: string }): boolean => !/^(?:lesson|observation)\.|^attempt\.section-entered$/.test(event.kind);

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see people');
  const form = await parseForm(request, HelpForm);
  if (!form.ok) return form.response;
  const made = await newCodeForPerson(actor, { personId: params['id'] ?? '', reason: form.value.reason });
  if (!made.ok) return form.refuse(made.error);
  return json({ fresh: { ...made.value, address: `${config().PUBLIC_URL ?? ''}/activate` } }, { headers: { 'Cache-Control': 'no-store' } });
}

export default function Person() {
  const { card, events, clearances, passed, mayAccommodate, mayTransfer, mayLink, mayAppoint, mayCorrect, maySeeNotices, mayReadNumber, bad, done } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useText();
  return (
    <Page
      title={card.name} width="wide" trail={[{ to: '/hr/people', label: t('people.title') }]}
      actions={<>
        <ButtonLink to={`/hr/people/${card.id}/record`}>{t('records.record-link')}</ButtonLink>
        <ButtonLink to={`/hr/people/${card.id}/evidence`}>{t('records.my-evidence')}</ButtonLink>
        {maySeeNotices && <ButtonLink to={`/hr/notices?person=${card.id}`}>{t('told.link')}</ButtonLink>}
        {mayAccommodate && <ButtonLink to={`/hr/people/${card.id}/accommodations`}>{t('accommodation.link')}</ButtonLink>}
        {mayTransfer && <ButtonLink to={`/hr/people/${card.id}/transfer`}>{t('records.transfer')}</ButtonLink>}
        {mayLink && <ButtonLink to={`/hr/people/${card.id}/staff-number`}>{t('records.link')}</ButtonLink>}
        {mayCorrect && <ButtonLink to={`/hr/people/${card.id}/edit`}>{t('person.correct')}</ButtonLink>}
      </>}
    >
      {done && <Banner tone="success" title={t(done === 'person' ? 'person.corrected' : `appointments.done.${done}`)} />}
      {answer && 'fresh' in answer && <FreshCodeBanner {...answer.fresh} />}
      {bad.length > 0 && <Banner tone="warning" title={t('told.bad')}>{bad.map((one) => <p key={one.address}>{one.address}：{one.detail}</p>)}</Banner>}
      <Facts items={[
        ...card.numbers.map(({ kind, value }) => ({ term: t(`identity.number.${kind}`), value: kind === 'national' && mayReadNumber ? <>{value}　<Link to={`/hr/people/${card.id}/identity-number`}>{t('people.full-number-link')}</Link></> : value })),
        { term: t('people.email'), value: card.email ?? t('people.not-given') },
        { term: t('people.phone'), value: card.phone ?? t('people.not-given') },
      ]} />
      <Section title={t('people.appointments')} actions={mayAppoint && <ButtonLink to={`/hr/people/${card.id}/appointments/new`}>{t('appointments.add')}</ButtonLink>}><Appointments /></Section>
      {clearances.length > 0 && <Section title={t('people.clearances')}><Clearances /></Section>}
      <PassedClearances passed={passed} />
      <Section title={t('people.account')}><AccountPart /></Section>
      <Section title={t('people.history')}>
        <Disclosure summary={t('people.history-lead')}><EventList caption={t('people.history')} events={events} /></Disclosure>
      </Section>
    </Page>
  );
}

function Appointments() {
  const { card, changeable } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  type Row = (typeof card.appointments)[number];
  const several = card.appointments.length > 1;
  return (
    <DataTable
      caption={t('people.appointments')}
      rows={card.appointments}
      rowKey={(row) => row.id}
      empty=""
      columns={[
        { key: 'unit', header: t('people.unit'), cell: (row) => row.organisationName },
        { key: 'kind', header: t('people.kind'), cell: (row) => <>{t(`people.kind.${row.kind}`)}{(several || row.nature !== 'main') && <><br /><small>{t(`people.nature.${row.nature}`)}</small></>}</> },
        { key: 'post', header: t('people.post'), cell: (row) => [row.post, row.rank].filter(Boolean).join(' · ') },
        { key: 'start', header: t('people.start'), cell: (row) => <DateText date={row.startOfDuty} far /> },
        { key: 'intake', header: t('people.intake'), cell: (row) => row.intakeName ?? '' },
        ...(card.appointments.some((row) => row.endedOn !== null || row.endsOn !== null)
          ? [{ key: 'ended', header: t('people.ended'), cell: (row: Row) => (row.endedOn ? <DateText date={row.endedOn} /> : row.endsOn && t('appointments.until-planned', { date: date(row.endsOn) })) }] : []),
        ...(changeable.length > 0 ? [{ key: 'change', header: t('appointments.change-short'), screenOnly: true, cell: (row: Row) => changeable.includes(row.id) && (
          <Link to={`/hr/people/${card.id}/appointments/${row.id}`} aria-label={t('appointments.change-of', { unit: row.organisationName, post: row.post })}>{t(row.endedOn === null ? 'appointments.change' : 'units.see')}</Link>
        ) }] : []),
      ]}
    />
  );
}

/** Whether the person may start; the details are on a page of their own. */
function Clearances() {
  const { clearances } = useLoaderData<typeof loader>();
  const { t, lang, date } = useText();
  return (
    <DataTable
      caption={t('people.clearances')}
      rows={clearances}
      rowKey={(row) => row.assignmentId}
      empty=""
      columns={[
        { key: 'programme', header: t('people.programme'), cell: (row) => <Link to={`/hr/clearance/${row.assignmentId}`}>{row.programme[lang]}</Link> },
        { key: 'status', header: t('people.clearance'), cell: (row) => (
          <StatusTag tone={row.mayStartOn ? 'ok' : 'due'}>{row.mayStartOn ? t('people.may-start', { date: date(row.mayStartOn) }) : t('people.may-not-start')}</StatusTag>
        ) },
        { key: 'done', header: t('people.requirements'), cell: (row) => `${row.done} / ${row.total}`, numeric: true },
      ]}
    />
  );
}

function AccountPart() {
  const { account, mayHelp } = useLoaderData<typeof loader>();
  const { t, dateTime } = useText();
  if (!account) return <p>{t('people.account-none')}</p>;
  return (
    <>
      <Facts items={[
        { term: t('people.account-name'), value: account.signInName },
        { term: t('people.account-state'), value: <AccountStateTag state={account.state} /> },
        { term: t('people.account-code'), value: account.codeUntil === null ? t('people.account-code-none') : t('people.account-code-until', { at: dateTime(account.codeUntil) }) },
      ]} />
      {mayHelp && <Help blocked={account.state === 'closed' ? t('people.help-closed') : account.hasRoles ? t('people.help-roles') : null} />}
    </>
  );
}

function Help({ blocked }: { blocked: string | null }) {
  const { t } = useText();
  const form = useFormReply<typeof HelpForm>();
  return (
    <Disclosure summary={t('people.help')} open={Object.keys(form.meta.allErrors).length > 0}>
      {blocked ? <p>{blocked}</p> : (
        <>
          <p>{t('people.help-lead')}</p>
          <FormBox form={form}>
            <TextField form={form} name="reason" label={t('people.reason')} hint={t('people.reason-hint')} maxLength={300} />
            <SubmitButton kind="secondary">{t('people.new-code')}</SubmitButton>
          </FormBox>
        </>
      )}
    </Disclosure>
  );
}
