import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { eventsOf } from '~/audit';
import { reader } from '~/db';
import { authorise, can, ROLES, scopePaths, signedIn } from '~/identity';
import { Id } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { endRoleOf, grantRoleToNamed, openUnit, peopleInScope, reopenOrganisation, withdrawChange } from '~/people';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, DateText, Disclosure, Facts, FormBox, Page, Section, SelectField, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { EventList } from '~/ui/people/event-list';
import { ROLE_CHOICES } from '~/ui/people/roles';
import { shownEvents } from '~/ui/people/shown-events.server';
import { PlannedChanges } from '~/ui/units/planned-changes';
import { RoleList } from '~/ui/units/role-list';

export const meta = pageTitle;

const Reason = z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long');
const Withdraw = z.object({ changeId: Id, reason: Reason });
const Reopen = z.object({ reason: Reason });
const Grant = z.object({ name: z.string().trim().max(60, 'field.too-long'), role: z.enum(ROLES) });
const End = z.object({ accountId: Id, roleId: Id });

const DONE = ['added', 'edited', 'planned', 'carried', 'withdrawn', 'reopened', 'granted', 'ended'] as const;
const FEW = 20;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const page = await openUnit(actor, params['id'] ?? '');
  if (!page) throw new ProblemError({ code: 'not-found' });
  const done = new URL(request.url).searchParams.get('done');
  const paths = scopePaths(actor, ['hr', 'inspector']);
  const people = paths.length === 0 ? null : await peopleInScope(reader(), { paths, organisationPath: page.unit.path, page: 1, pageSize: FEW });
  return json({
    heading: page.unit.name, ...page, people: people && { ...people, people: people.people.map(({ id, name, post, organisationName }) => ({ id, name, post, organisationName })) },
    administers: can(actor, 'see accounts'), done: DONE.find((one) => one === done) ?? null,
    events: await shownEvents(reader(), await eventsOf(reader(), { kind: 'organisation', id: page.unit.id }, 50)),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, { withdraw: Withdraw, reopen: Reopen, grant: Grant, end: End });
  if (!form.ok) return form.response;
  const done = (what: (typeof DONE)[number]) => redirect(`/hr/units/${id}?done=${what}`);
  switch (form.form) {
    case 'withdraw': {
      const withdrawn = await withdrawChange(actor, form.value.changeId, form.value.reason);
      return withdrawn.ok ? done('withdrawn') : form.refuse(withdrawn.error);
    }
    case 'reopen': {
      const reopened = await reopenOrganisation(actor, { id, ...form.value });
      return reopened.ok ? done('reopened') : form.refuse(reopened.error);
    }
    case 'grant': {
      const granted = await grantRoleToNamed(actor, { ...form.value, organisationId: id });
      return granted.ok ? done('granted') : form.refuse(granted.error);
    }
    case 'end': {
      const ended = await endRoleOf(actor, form.value);
      return ended.ok ? done('ended') : json({ problem: ended.error });
    }
  }
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Unit() {
  const data = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, date, problem } = useText();
  const { unit, may } = data;
  const open = unit.closedOn === null;
  return (
    <Page title={unit.name} width="wide" trail={[{ to: '/hr/units', label: t('units.title') }]} actions={<>
      {may.change && open && <ButtonLink to={`/hr/units/${unit.id}/change`}>{t('units.change')}</ButtonLink>}
      {may.administer && <ButtonLink to={`/hr/units/${unit.id}/edit`}>{t('units.edit')}</ButtonLink>}
      {may.administer && open && <ButtonLink to={`/hr/units/new?under=${unit.id}`}>{t('units.add')}</ButtonLink>}
    </>}>
      {data.done && <Banner tone="success" title={t(`units.done.${data.done}`)} />}
      {answer && 'problem' in answer && <Banner tone="danger" title={problem(answer.problem)} />}
      {!open && <Banner tone="info" title={t('units.closed-on', { date: date(unit.closedOn ?? '') })} />}
      <Facts items={[
        { term: t('units.code-header'), value: <span className="code">{unit.code}</span> },
        { term: t('units.path'), value: data.above.length === 0 ? t('units.topmost') : <Path above={data.above} /> },
        { term: t('units.people'), value: data.beneath.people === data.own.people ? t('units.people-n', { count: data.own.people }) : t('units.people-beneath', { count: data.own.people, beneath: data.beneath.people }) },
      ]} />
      {data.changes.length > 0 && <Section title={t('units.planned')}><Changes data={data} /></Section>}
      <Section title={t('units.children')}><Children units={data.children} /></Section>
      {data.people && <Section title={t('units.people-title')} actions={<ButtonLink to={`/hr/people?unit=${unit.id}`}>{t('units.people-list')}</ButtonLink>}><People people={data.people.people} /></Section>}
      <Section title={t('units.administrators')}><Roles data={data} /></Section>
      <Section title={t('units.history-title')}><History data={data} /></Section>
      {!open && may.change && <ReopenForm />}
    </Page>
  );
}

function Path({ above }: Pick<Data, 'above'>) {
  return <>{above.map((one, i) => <span key={one.id}>{i > 0 && ' › '}<Link to={`/hr/units/${one.id}`}>{one.name}</Link></span>)}</>;
}

function Changes({ data: { changes, may } }: { data: Data }) {
  const { t } = useText();
  const planned = changes.filter((one) => one.state === 'planned');
  const form = useFormReply<typeof Withdraw>({ id: 'withdraw' });
  return (
    <>
      <PlannedChanges changes={changes} />
      {may.change && planned.length > 0 && (
        <Disclosure summary={t('units.withdraw')} open={form.meta.status === 'error'}>
          <FormBox form={form}>
            <SelectField form={form} name="changeId" label={t('units.what')} options={planned.map((one) => ({ value: one.id, label: t(`units.says-${one.kind}`, { name: one.name, target: one.target }) }))} />
            <TextField form={form} name="reason" label={t('units.reason')} maxLength={300} />
            <SubmitButton kind="danger">{t('units.withdraw')}</SubmitButton>
          </FormBox>
        </Disclosure>
      )}
    </>
  );
}

function Children({ units }: { units: Data['children'] }) {
  const { t, date } = useText();
  return (
    <DataTable
      caption={t('units.children')}
      rows={units}
      rowKey={(row) => row.id}
      empty={<p>{t('units.children-none')}</p>}
      columns={[
        { key: 'name', header: t('units.name'), cell: (row) => <Link to={`/hr/units/${row.id}`}>{row.name}</Link> },
        { key: 'code', header: t('units.code-header'), cell: (row) => row.code },
        { key: 'state', header: t('units.state'), cell: (row) => row.closedOn !== null && <StatusTag tone="neutral">{t('units.closed-on', { date: date(row.closedOn) })}</StatusTag> },
      ]}
    />
  );
}

function People({ people }: { people: NonNullable<Data['people']>['people'] }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('units.people-title')}
      rows={people}
      rowKey={(row) => row.id}
      empty={<p>{t('units.people-none')}</p>}
      columns={[
        { key: 'name', header: t('units.person'), cell: (row) => <Link to={`/hr/people/${row.id}`}>{row.name}</Link> },
        { key: 'unit', header: t('people.unit'), cell: (row) => row.organisationName },
        { key: 'post', header: t('units.post'), cell: (row) => row.post },
      ]}
    />
  );
}

function Roles({ data: { unit, reaching, rolesBeneath, may, administers } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Grant>({ id: 'grant' });
  return (
    <>
      <p>{t('units.administrators-lead')}</p>
      <RoleList caption={t('units.administrators')} roles={reaching} at={unit.id} links={administers} mayEnd={may.grant} empty={t('units.administrators-none')} />
      {may.grant && unit.closedOn === null && (
        <Disclosure summary={t('units.grant')} open={form.meta.status === 'error'}>
          <p>{t('units.grant-lead')}</p>
          <FormBox form={form}>
            <TextField form={form} name="name" label={t('units.grant-name')} width="middle" maxLength={60} autoComplete="off" />
            <SelectField form={form} name="role" label={t('units.role')} options={ROLE_CHOICES.map((value) => ({ value, label: t(`identity.role.${value}`) }))} />
            <SubmitButton kind="secondary">{t('units.grant')}</SubmitButton>
          </FormBox>
        </Disclosure>
      )}
      <h3>{t('units.beneath-title')}</h3>
      <RoleList caption={t('units.beneath-title')} roles={rolesBeneath} links={administers} mayEnd={may.grant} empty={t('units.beneath-none')} />
    </>
  );
}

function History({ data: { names, parents, events } }: { data: Data }) {
  const { t } = useText();
  const lines = [
    ...names.map((one) => ({ key: `name ${one.from_on}`, on: one.from_on, text: one.name })),
    ...parents.map((one) => ({ key: `parent ${one.from_on}`, on: one.from_on, text: one.parent === null ? t('units.topmost') : t('units.under', { parent: one.parent }) })),
  ].sort((a, b) => (a.on < b.on ? 1 : -1));
  return (
    <>
      <DataTable
        caption={t('units.names')} showCaption rows={lines} rowKey={(row) => row.key} empty=""
        columns={[
          { key: 'what', header: t('units.what'), cell: (row) => row.text },
          { key: 'when', header: t('units.when'), cell: (row) => (row.on === '0001-01-01' ? t('units.since-ever') : <DateText date={row.on} />) },
        ]}
      />
      {events.length > 0 && <Disclosure summary={t('units.history')}><EventList caption={t('units.history')} events={events} /></Disclosure>}
    </>
  );
}

function ReopenForm() {
  const { t } = useText();
  const form = useFormReply<typeof Reopen>({ id: 'reopen' });
  return (
    <Section title={t('units.reopen')}>
      <p>{t('units.reopen-lead')}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('units.reason')} maxLength={300} />
        <SubmitButton kind="secondary">{t('units.reopen')}</SubmitButton>
      </FormBox>
    </Section>
  );
}
