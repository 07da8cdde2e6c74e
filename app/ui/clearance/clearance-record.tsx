import type { useLoaderData } from '@remix-run/react';
import type { ClearanceView } from '~/certification';
import { useText } from '~/text/react';
import { wordReason } from '~/text/reason';
import { Banner } from '../banner/banner';
import { ButtonLink } from '../button/button';
import { Facts } from '../facts/facts';
import { Page, Section } from '../page/page';
import { StatusTag } from '../status/status';
import { DataTable } from '../table/table';
import { DateText, InstantText } from '../time/time';
import type { LoadedClearance } from './clearance-record.server';
import { clearanceSentence } from './clearance-sentence';
import { LookForm } from './look-form';
import { OutlookPart } from './outlook';
import { PeriodsTimeline } from './periods-timeline';
import { RequirementTree } from './requirement-tree';
import { BasisTag, EmergencyBanner, StartTag } from './start-words';
import { WaiverStory } from './waiver-story';

type Data = ReturnType<typeof useLoaderData<() => Promise<LoadedClearance>>>;

/** Everything about one clearance: the answer, what it rests on, and how it came about. */
export function ClearanceRecord({ data, path }: { data: Data; path: '/hr/clearance' | '/my/clearance' }) {
  const { t, date } = useText();
  const { view, on, today, knownOn, may, outlook, missing, ended } = data;
  const special = on !== today || knownOn !== null;
  return (
    <Page title={data.heading} lead={!special && !ended && view && <Lead data={data} view={view} />} trail={may.list ? [{ to: '/hr', label: t('hr.title') }] : [{ to: '/home', label: t('clearance.own-trail') }]} actions={<Acts data={data} />}>
      {data.until !== null && <Banner tone="info" title={t('records.former', { until: date(data.until) })}>{t('records.former-text')}</Banner>}
      {special && data.until === null && <LookedBanner data={data} />}
      {ended && <Banner tone="info" title={t('clearance.ended')} />}
      <EmergencyBanner starts={data.starts} />
      {missing.length > 0 && <Banner tone="warning" title={t('hr.missing-characters', { characters: missing.join(' ') })}>{t('hr.missing-characters-text')}</Banner>}
      <Particulars data={data} />
      <LookForm on={on} knownOn={knownOn} today={today} special={special} path={`${path}/${data.assignmentId}`} />
      {view && <Requirements data={data} view={view} />}
      {outlook && <Section title={t('clearance.outlook')}><OutlookPart outlook={outlook} titles={data.titles} gate={data.gate} /></Section>}
      {view && data.chart && <Section title={t('clearance.periods')}><PeriodsTimeline periods={view.periods} chart={data.chart} /></Section>}
      <Waivers data={data} />
      {data.gate === 'before-start-of-duty' && <Starts data={data} />}
      <Credentials data={data} view={view} />
      <History timeline={data.timeline} />
    </Page>
  );
}

function Acts({ data: { may, assignmentId, appointmentId, starts, view } }: { data: Data }) {
  const { t } = useText();
  const open = starts.some(({ start }) => start.state === 'recorded' || start.state === 'proposed');
  return (
    <>
      {may.recordStart && !open && <ButtonLink to={`/hr/clearance/${assignmentId}/start`} kind="primary">{t('starts.record')}</ButtonLink>}
      {may.confirm && <ButtonLink to={`/hr/confirmations/${appointmentId}`} kind="primary">{t('confirmation.record')}</ButtonLink>}
      {may.askWaiver && <ButtonLink to={`/hr/clearance/${assignmentId}/waiver`}>{t('waiver.ask-link')}</ButtonLink>}
      {may.askWaiver && view?.status === 'cleared' && view.until !== null && <ButtonLink to={`/hr/clearance/${assignmentId}/extension`}>{t('renewal.extension')}</ButtonLink>}
    </>
  );
}

/** What is due, for who reads about today. */
function Lead({ data: { dueOn, today, startOfDuty }, view }: { data: Data; view: ClearanceView }) {
  const { t, date } = useText();
  if (view.status === 'cleared') return <p>{t('hr.lead-cleared', { startOfDuty: date(startOfDuty) })}</p>;
  const open = view.total - view.done;
  if (view.withdrawnOn !== null || open === 0) return null;
  return <p>{t(dueOn < today ? 'hr.lead-overdue' : 'hr.lead-open', { open, dueOn: date(dueOn), startOfDuty: date(startOfDuty) })}</p>;
}

/** That this is not today or not what is known now, and what differs from that. */
function LookedBanner({ data }: { data: Data }) {
  const text = useText();
  const { t, date } = text;
  const { on, knownOn, view, compared, dueOn, gate, holder: { name } } = data;
  const known = knownOn !== null;
  const title = known ? t('clearance.banner-known', { on: date(on), knownOn: date(knownOn) }) : t('clearance.banner-as-of', { on: date(on) });
  if (!compared) return <Banner tone="warning" title={title} />;
  const say = (one: ClearanceView | null, day: string) => (one ? clearanceSentence(text, { view: one, gate, on: day, dueOn, name }) : t('clearance.not-assigned-then'));
  const [then, now] = [say(view, on), say(compared, known ? on : data.today)];
  const differences = (view ? compared.requirements : []).filter((one) => differs(one, view?.requirements.find(({ code }) => code === one.code)));
  if (then === now && differences.length === 0) return <Banner tone="warning" title={title}>{t(known ? 'clearance.differs-not' : 'clearance.differs-today-not')}</Banner>;
  return (
    <Banner tone="warning" title={title}>
      <p>{t(known ? 'clearance.differs' : 'clearance.differs-today')}</p>
      <ul className="bullets">
        {then !== now && <li>{t(known ? 'clearance.differs-status' : 'clearance.differs-status-today', { then, now })}</li>}
        {differences.map((one) => {
          const before = view?.requirements.find(({ code }) => code === one.code);
          return (
            <li key={one.code}>
              {t(known ? 'clearance.differs-requirement' : 'clearance.differs-requirement-today', {
                title: one.title[text.lang], then: before ? wordReason(text, before.reason) : t('clearance.no-evidence'), now: wordReason(text, one.reason),
              })}
            </li>
          );
        })}
      </ul>
    </Banner>
  );
}

type One = ClearanceView['requirements'][number];

const differs = (a: One, b: One | undefined): boolean => !b || a.state !== b.state || a.evidenceRef !== b.evidenceRef || a.at !== b.at;

function Particulars({ data: { holder, personId, programme, versionNumber, gate, cycle, dueOn, startOfDuty, assignedAt, on, view, may } }: { data: Data }) {
  const { t, lang } = useText();
  const late = view?.status === 'not-cleared' && dueOn < on;
  return (
    <Section title={t('hr.person')} actions={may.seePerson && <ButtonLink to={`/hr/people/${personId}`} kind="quiet">{t('hr.person-card')}</ButtonLink>}>
      <Facts items={[
        { term: t('hr.name'), value: holder.name },
        { term: t('hr.number'), value: holder.recruitmentNumber ?? '—' },
        { term: t('hr.organisation'), value: `${holder.organisation} · ${holder.post}` },
        ...(holder.intake ? [{ term: t('hr.intake'), value: holder.intake }] : []),
        { term: t('hr.programme'), value: t('clearance.version', { programme: programme[lang], version: versionNumber }) },
        { term: t('clearance.gate'), value: t(`clearance.gate.${gate}`) },
        ...(cycle > 1 ? [{ term: t('clearance.cycle'), value: t('clearance.cycle-value', { cycle }) }] : []),
        { term: t('hr.start'), value: <DateText date={startOfDuty} /> },
        { term: t('hr.due'), value: <><DateText date={dueOn} /> {late && <StatusTag tone="bad">{t('clearance.due-late')}</StatusTag>}</> },
        { term: t('hr.assigned'), value: <InstantText at={assignedAt} /> },
      ]} />
    </Section>
  );
}

function Requirements({ data, view }: { data: Data; view: ClearanceView }) {
  const { t } = useText();
  return (
    <Section title={t('clearance.requirements')}>
      <RequirementTree tree={data.tree} requirements={view.requirements} more={(one) => one.at !== null && one.evidenceRef !== null && (
        <p><small>{t('hr.evidence-at')} <InstantText at={one.at} /> · {t('hr.evidence-ref')} <span className="code wrap-anywhere">{one.evidenceRef}</span></small></p>
      )} />
    </Section>
  );
}

function Waivers({ data: { waivers } }: { data: Data }) {
  const { t } = useText();
  return (
    <Section title={t('waiver.story')}>
      {waivers.length === 0 ? <p>{t('waiver.story-none')}</p> : waivers.map((story) => (
        <div key={story.waiver.id} className="story">
          <WaiverStory story={story} />
          <ButtonLink to={`/hr/waivers/${story.waiver.id}`} kind="quiet">{t('waiver.open')}</ButtonLink>
        </div>
      ))}
    </Section>
  );
}

function Starts({ data: { starts, may } }: { data: Data }) {
  const { t, dateTime } = useText();
  return (
    <Section title={t('starts.own-record')}>
      {starts.length === 0 ? <p>{t('starts.not-yet')}</p> : starts.map(({ start, asker, decider }) => (
        <div key={start.id} className="story">
          <Facts items={[
            { term: t('starts.on'), value: <DateText date={start.startedOn} /> },
            { term: t('starts.basis'), value: <BasisTag basis={start.basis} /> },
            { term: t('starts.state'), value: <StartTag state={start.state} /> },
            { term: t('starts.by'), value: t(start.basis === 'emergency' ? 'starts.proposed-by' : 'starts.asked-by', { at: dateTime(start.askedAt), by: asker ?? t('hr.by-system') }) },
            ...(start.decidedAt === null ? [] : [{ term: t('starts.second'), value: t('starts.decided-by', { at: dateTime(start.decidedAt), by: decider ?? t('hr.by-system') }) }]),
          ]} />
          {may.seeStarts && <ButtonLink to={`/hr/starts/${start.id}`} kind="quiet">{t('starts.open')}</ButtonLink>}
        </div>
      ))}
    </Section>
  );
}

const STATES = { valid: 'ok', suspended: 'due', revoked: 'bad', superseded: 'neutral' } as const;

function Credentials({ data: { credentials }, view }: { data: Data; view: ClearanceView | null }) {
  const { t } = useText();
  if (credentials.length === 0) return <Section title={t('hr.credential')}><p>{t(view?.status === 'cleared' ? 'hr.credential-making' : 'hr.credential-none')}</p></Section>;
  return (
    <Section title={t('hr.credential')}>
      {credentials.map((one) => (
        <div key={one.number} className="story">
          <Facts items={[
            { term: t('credential.number'), value: <span className="code">{one.number}</span> },
            { term: t('credential.state'), value: <StatusTag tone={STATES[one.state]}>{t(`credential.state.${one.state}`)}</StatusTag> },
            { term: t('credential.issued'), value: <InstantText at={one.issuedAt} /> },
          ]} />
          <ButtonLink to={`/credentials/${one.number}`} kind="quiet">{t('clearance.manage-credential')}</ButtonLink>
        </div>
      ))}
    </Section>
  );
}

function History({ timeline }: { timeline: Data['timeline'] }) {
  const { t } = useText();
  return (
    <Section title={t('hr.timeline')}>
      <DataTable
        caption={t('hr.timeline')}
        rows={timeline}
        rowKey={(row) => row.id}
        empty=""
        columns={[
          { key: 'what', header: t('hr.what'), cell: (row) => t(`hr.event.${row.kind}`) },
          { key: 'when', header: t('hr.when'), cell: (row) => <InstantText at={row.at} /> },
          { key: 'by', header: t('hr.by'), cell: (row) => row.by ?? t('hr.by-system') },
        ]}
      />
    </Section>
  );
}
