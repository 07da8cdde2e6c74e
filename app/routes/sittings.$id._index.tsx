import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { appointInvigilator, bookingsOf, cancelSitting, candidatesOfSitting, dismissInvigilator, invigilatorsOf, knownInvigilators, reseatAll } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, DataTable, Disclosure, FormBox, Page, PostButton, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { candidateQuery } from '~/ui/sitting/candidate-query.server';
import { CandidateTable } from '~/ui/sitting/candidate-table';
import { Invigilators } from '~/ui/sitting/invigilators';
import { shownSitting } from '~/ui/sitting/shown-sitting.server';
import { SittingFacts } from '~/ui/sitting/sitting-facts';
import { phaseOf, SittingState } from '~/ui/sitting/states';

export const meta = pageTitle;

const FORMS = {
  appoint: z.object({ accountId: z.string(), roomId: z.string().optional() }),
  dismiss: z.object({ accountId: z.string() }),
  cancel: z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300) }),
  reseat: z.object({ how: z.enum(['random', 'by-number']) }),
};
const DONE = ['saved', 'cancelled', 'reseated', 'assigned'] as const;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const sitting = await shownSitting(actor, params['id'] ?? '', langOf(request));
  const now = clock.now();
  const phase = phaseOf(sitting, now);
  const page = pageNumber(request.url);
  const { query, filtered } = candidateQuery(sitting.id, request.url);
  const found = await candidatesOfSitting(reader(), { ...query, page });
  const taken = await bookingsOf(reader(), sitting.id);
  const asked = new URL(request.url).searchParams;
  return json({
    heading: sitting.title, sitting, phase, ...found, page, filtered, over: phase === 'over' || phase === 'closed',
    invigilators: await invigilatorsOf(reader(), sitting.id),
    known: sitting.planner && phase !== 'cancelled' ? await knownInvigilators(reader(), '') : null,
    taken: Object.fromEntries(sitting.rooms.map((room) => [room.id, taken.filter((one) => one.roomId === room.id).length])),
    done: DONE.find((one) => one === asked.get('done')) ?? null, people: Number(asked.get('people') ?? 0) || 0,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, FORMS);
  if (!form.ok) return form.response;
  const back = (done: string, people = 0) => redirect(`/sittings/${id}?done=${done}&people=${people}`);
  switch (form.form) {
    case 'appoint': {
      const { accountId, roomId = null } = form.value;
      const appointed = await appointInvigilator(actor, id, { accountId, roomId });
      return appointed.ok ? back('saved') : form.refuse(appointed.error);
    }
    case 'dismiss': {
      const dismissed = await dismissInvigilator(actor, id, form.value.accountId);
      return dismissed.ok ? back('saved') : json({ problem: dismissed.error });
    }
    case 'cancel': {
      const cancelled = await cancelSitting(actor, id, form.value.reason);
      return cancelled.ok ? back('cancelled', cancelled.value) : form.refuse(cancelled.error);
    }
    case 'reseat': {
      const reseated = await reseatAll(actor, id, form.value.how);
      return reseated.ok ? back('reseated', reseated.value) : json({ problem: reseated.error });
    }
  }
}

export default function OneSitting() {
  const { sitting, phase, done, people, candidates, count, page, pageCount, filtered, over, invigilators, known } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, problem } = useText();
  const { id, planner } = sitting;
  const changeable = planner && phase === 'coming';
  const assignable = planner && (phase === 'coming' || phase === 'running');
  return (
    <Page title={sitting.title} width="wide" trail={[{ to: '/sittings', label: t('sittings.title') }]}
      actions={(
        <>
          {assignable && <ButtonLink to={`/sittings/${id}/assign`} kind="primary">{t('sittings.assign')}</ButtonLink>}
          {phase !== 'cancelled' && <ButtonLink to={`/invigilate/sittings/${id}`}>{t('sittings.console')}</ButtonLink>}
          {changeable && <ButtonLink to={`/sittings/${id}/edit`}>{t('sittings.edit')}</ButtonLink>}
          {planner && <ButtonLink to={`/sittings/new?from=${id}`}>{t('sittings.duplicate')}</ButtonLink>}
        </>
      )}>
      {done && <Banner tone="success" title={t(`sittings.${done}`, { people })} />}
      {answer && 'problem' in answer && <Banner tone="danger" title={problem(answer.problem)} />}
      {phase === 'cancelled' && <Banner tone="danger" title={t('sittings.cancelled-banner')}>{sitting.endReason}</Banner>}
      {sitting.delivery === 'open' && planner && <Banner tone="warning" title={t('sittings.open-delivery')}>{t('sittings.open-delivery-text')}</Banner>}
      <p><SittingState phase={phase} /></p>
      <SittingFacts sitting={sitting} seb={sitting.seb === 'required' && planner && <> <Link to={`/sittings/${id}/seb`}>{t('sittings.seb-edit')}</Link></>} />
      {sitting.place === 'rooms' && <Section title={t('sittings.rooms')}><Rooms /></Section>}
      <Section title={t('sittings.invigilators')}><Invigilators invigilators={invigilators} known={known} rooms={sitting.rooms} /></Section>
      <Section title={t('sittings.candidates')} actions={count > 0 && <Prints id={id} rooms={sitting.place === 'rooms'} planner={planner} />}>
        <CandidateTable sittingId={id} candidates={candidates} rooms={sitting.rooms} count={count} page={page} pageCount={pageCount} filtered={filtered} over={over} planner={planner} />
      </Section>
      {changeable && <Section title={t('sittings.reseat')}><Deeds /></Section>}
    </Page>
  );
}

function Prints({ id, rooms, planner }: { id: string; rooms: boolean; planner: boolean }) {
  const { t } = useText();
  return (
    <>
      {rooms && <ButtonLink to={`/sittings/${id}/plan`}>{t('sittings.print-plan')}</ButtonLink>}
      <ButtonLink to={`/sittings/${id}/attendance`}>{t('sittings.print-attendance')}</ButtonLink>
      {planner && <ButtonLink to={`/sittings/${id}/tickets`}>{t('sittings.print-tickets')}</ButtonLink>}
    </>
  );
}

function Rooms() {
  const { sitting, taken } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <DataTable
      caption={t('sittings.rooms')}
      rows={sitting.rooms}
      rowKey={(row) => row.id}
      empty=""
      columns={[
        { key: 'name', header: t('sittings.field.room-name'), cell: (row) => row.name },
        { key: 'seats', header: t('sittings.field.room-seats'), cell: (row) => row.seats, numeric: true },
        { key: 'row', header: t('sittings.field.room-row'), cell: (row) => row.seatsPerRow, numeric: true },
        { key: 'taken', header: t('sittings.room-taken'), cell: (row) => taken[row.id] ?? 0, numeric: true },
        { key: 'networks', header: t('sittings.field.room-networks'), cell: (row) => <span className="figures">{row.networks.join('  ') || t(sitting.networks.length > 0 ? 'sittings.room-all-networks' : 'sittings.room-any-network')}</span> },
      ]}
    />
  );
}

/** What concerns everybody of the sitting at once. */
function Deeds() {
  const { sitting } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof FORMS.cancel>({ id: 'cancel' });
  return (
    <>
      {sitting.place === 'rooms' && sitting.booked > 0 && (
        <>
          <p>{t('sittings.reseat-lead')}</p>
          <ButtonRow>
            <PostButton fields={{ __form: 'reseat', how: 'random' }}>{t('sittings.reseat-random')}</PostButton>
            <PostButton fields={{ __form: 'reseat', how: 'by-number' }}>{t('sittings.reseat-number')}</PostButton>
          </ButtonRow>
        </>
      )}
      <Disclosure summary={t('sittings.cancel')} open={Object.keys(form.meta.allErrors).length > 0}>
        <p>{t('sittings.cancel-lead', { people: sitting.booked + sitting.waiting })}</p>
        <FormBox form={form}>
          <TextField form={form} name="reason" label={t('sittings.reason')} hint={t('sittings.reason-hint')} maxLength={300} />
          <SubmitButton kind="danger">{t('sittings.cancel')}</SubmitButton>
        </FormBox>
      </Disclosure>
    </>
  );
}
