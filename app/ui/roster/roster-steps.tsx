import { Link, useLoaderData } from '@remix-run/react';
import type { loader } from '~/routes/hr.rosters.$id._index';
import { useText } from '~/text/react';
import {
  Banner, ButtonLink, CheckboxField, DataTable, Disclosure, FormBox, InstantText, PostButton, ProgressBar, RadioField, Section, SubmitButton, TextField, useFormReply,
} from '..';

const useRoster = () => useLoaderData<typeof loader>();

/** What is to be done with a roster in its present state, or how far it is. */
export function RosterSteps() {
  const { state } = useRoster();
  switch (state) {
    case 'columns': return <ColumnsNeeded />;
    case 'checking': return <Checking />;
    case 'checked': return <Decide />;
    case 'staging': return <Staging />;
    case 'cancelling': return <Waiting text="roster.cancelling-text" />;
    case 'undoing': return <Waiting text="roster.undoing-text" />;
    case 'applied': return <Applied />;
    case 'undone': return <Undone />;
    default: return null;
  }
}

function ColumnsNeeded() {
  const { id } = useRoster();
  const { t } = useText();
  return (
    <Banner tone="warning" title={t('roster.columns-need')}>
      <div className="button-row"><ButtonLink kind="primary" to={`/hr/rosters/${id}/columns`}>{t('roster.columns')}</ButtonLink></div>
      <Withdraw />
    </Banner>
  );
}

function Checking() {
  const { id } = useRoster();
  const { t } = useText();
  return <><p>{t('roster.checking-text')}</p><div className="button-row"><ButtonLink to={`/hr/rosters/${id}`}>{t('roster.reload')}</ButtonLink></div><Withdraw /></>;
}

function Waiting({ text }: { text: 'roster.cancelling-text' | 'roster.undoing-text' }) {
  const { id } = useRoster();
  const { t } = useText();
  return <><p>{t(text)}</p><div className="button-row"><ButtonLink to={`/hr/rosters/${id}`}>{t('roster.reload')}</ButtonLink></div></>;
}

function Withdraw() {
  const { t } = useText();
  return <Disclosure summary={t('roster.withdraw')}><p>{t('roster.withdraw-text')}</p><PostButton kind="danger" fields={{ __form: 'withdraw' }}>{t('roster.withdraw')}</PostButton></Disclosure>;
}

function Decide() {
  const { sameFile, counts, id } = useRoster();
  const { t, dateTime } = useText();
  const { kinds, open, skipped, states } = counts;
  const good = kinds.created + kinds.changed + kinds.moved + kinds.left - open - skipped - states.stale;
  const bad = kinds.wrong + open + skipped + states.stale;
  return (
    <>
      {sameFile && <Banner tone="info" title={t('roster.same-file', { at: dateTime(sameFile.at) })}><Link to={`/hr/rosters/${sameFile.id}`}>{t('roster.same-file-open')}</Link></Banner>}
      {bad > 0 && (
        <div className="stack">
          <div className="button-row"><ButtonLink document to={`/hr/rosters/${id}/bad.xlsx`}>{t('roster.bad-download', { count: bad })}</ButtonLink></div>
          <p className="soft">{t('roster.bad-text')}</p>
        </div>
      )}
      {open > 0 && <Rest />}
      <Section title={t('roster.apply')}>
        {good > 0 ? <ApplyForm good={good} whole={kinds.wrong + open === 0} /> : <p>{t('roster.apply-none')}</p>}
        <Disclosure summary={t('roster.check-again')}><PostButton fields={{ __form: 'again' }}>{t('roster.check-again')}</PostButton></Disclosure>
        <Withdraw />
      </Section>
    </>
  );
}

function Rest() {
  const { t } = useText();
  const all = (question: 'duplicate' | 'name', answer: 'same' | 'other' | 'skip', words: 'duplicate-other' | 'duplicate-skip' | 'name-same' | 'name-skip') =>
    <PostButton fields={{ __form: 'rest', question, answer }}>{t(`roster.rest.${words}`)}</PostButton>;
  return (
    <Disclosure summary={t('roster.rest-title')}>
      <p>{t('roster.rest-text')}</p>
      <div className="button-row">
        {all('duplicate', 'other', 'duplicate-other')}
        {all('duplicate', 'skip', 'duplicate-skip')}
        {all('name', 'same', 'name-same')}
        {all('name', 'skip', 'name-skip')}
      </div>
    </Disclosure>
  );
}

function ApplyForm({ good, whole }: { good: number; whole: boolean }) {
  const { t } = useText();
  const form = useFormReply({ id: 'apply', defaultValue: { mode: whole ? 'all' : '' } });
  return (
    <FormBox form={form}>
      <p>{t('roster.apply-text')}</p>
      <RadioField form={form} name="mode" label={t('roster.apply-mode')} options={[{ value: 'all', label: t('roster.apply-all') }, { value: 'good', label: t('roster.apply-good', { count: good }) }]} />
      <SubmitButton>{t('roster.apply')}</SubmitButton>
    </FormBox>
  );
}

function Staging() {
  const { id, staged, planned } = useRoster();
  const { t } = useText();
  return (
    <>
      <ProgressBar value={staged} max={planned} label={t('roster.staging-progress')} />
      <p>{t('roster.staging-text')}</p>
      <div className="button-row"><PostButton fields={{ __form: 'cancel' }}>{t('roster.cancel')}</PostButton><ButtonLink kind="quiet" to={`/hr/rosters/${id}`}>{t('roster.reload')}</ButtonLink></div>
    </>
  );
}

function Applied() {
  const { id, planned, told, toldAt, appliedAt, slips, counts } = useRoster();
  const { t, dateTime } = useText();
  const bad = counts.kinds.wrong + counts.open + counts.skipped + counts.states.stale;
  return (
    <>
      <p>{t('roster.applied-text', { count: planned, at: dateTime(appliedAt ?? 0) })}</p>
      {toldAt === null && <><ProgressBar value={told} max={planned} label={t('roster.telling-progress')} /><div className="button-row"><ButtonLink kind="quiet" to={`/hr/rosters/${id}`}>{t('roster.reload')}</ButtonLink></div></>}
      {(slips > 0 || bad > 0) && (
        <div className="button-row">
          {slips > 0 && <ButtonLink kind="primary" to={`/hr/rosters/${id}/slips`}>{t('roster.slips')}</ButtonLink>}
          {bad > 0 && <ButtonLink document to={`/hr/rosters/${id}/bad.xlsx`}>{t('roster.bad-download', { count: bad })}</ButtonLink>}
        </div>
      )}
      {slips > 0 && <p className="soft">{t('roster.slips-text')}</p>}
      {toldAt !== null && <UndoForm />}
    </>
  );
}

function UndoForm() {
  const { inWay } = useRoster();
  const { t } = useText();
  const form = useFormReply({ id: 'undo' });
  return (
    <Disclosure summary={t('roster.undo')} open={form.meta.status === 'error'}>
      <p>{t('roster.undo-text')}</p>
      {inWay.count > 0 && <InWay />}
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('roster.undo-reason')} maxLength={300} />
        {inWay.count > 0 && <CheckboxField form={form} name="rest" label={t('roster.undo-rest')} />}
        <SubmitButton kind="danger">{t('roster.undo')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function InWay() {
  const { inWay } = useRoster();
  const { t } = useText();
  return (
    <Banner tone="warning" title={t('roster.undo-way', { count: inWay.count })}>
      <p>{t('roster.undo-way-text')}</p>
      <DataTable caption={t('roster.undo-way', { count: inWay.count })} rows={inWay.people} rowKey={(row) => String(row.line)} empty="" columns={[
        { key: 'name', header: t('roster.person'), cell: (row) => <Link to={`/hr/people/${row.person_id}`}>{row.name}</Link> },
        { key: 'what', header: t('roster.undo-way-what'), cell: (row) => <>{row.what}{row.acts > 1 && <><br /><small>{t('roster.undo-way-more', { count: row.acts })}</small></>}</> },
        { key: 'who', header: t('roster.undo-way-who'), cell: (row) => row.by },
        { key: 'when', header: t('roster.undo-way-when'), cell: (row) => <InstantText at={row.at} /> },
      ]} />
    </Banner>
  );
}

function Undone() {
  const { counts } = useRoster();
  const { t } = useText();
  return <p>{t('roster.undone-text', { undone: counts.states.undone, kept: counts.states.kept })}</p>;
}
