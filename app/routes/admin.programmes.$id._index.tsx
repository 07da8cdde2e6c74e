import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { countsOf, countUnassigned, draftVersion, findWritten, historyOfProgramme, namesFor, versionsOf } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, must, ok } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, DateText, InstantText, Page, PostButton, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { Ruling } from '~/ui/programme/choice-field';
import { eventWords } from '~/ui/programme/event-words.server';
import { standingOf } from '~/ui/programme/standing.server';
import { VersionTag } from '~/ui/programme/version-tag';
import { versionWords } from '~/ui/programme/version-view.server';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see programmes');
  const text = textFor(langOf(request));
  const id = params['id'] ?? '';
  const versions = await versionsOf(reader(), id);
  const latest = must(versions[0] ? ok(versions[0]) : err('not-found'));
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const current = versions.find((one) => standingOf(one, versions, today) === 'in-force') ?? latest;
  const found = await findWritten(reader(), current.id);
  const written = must(found ? ok(found) : err('not-found'));
  const inForce = standingOf(current, versions, today) === 'in-force';
  return json({
    heading: latest.title[text.lang], words: versionWords(written, await namesFor(reader(), text.lang), text),
    versions: await Promise.all(versions.map(async (one) => ({
      id: one.id, number: one.number, standing: standingOf(one, versions, today), effectiveOn: one.state === 'draft' ? null : one.effectiveOn, note: one.note, ...await countsOf(reader(), one.id),
    }))),
    draftId: latest.state === 'draft' ? latest.id : null, waiting: inForce ? await countUnassigned(reader(), written) : 0,
    history: await eventWords(await historyOfProgramme(reader(), id), text), discarded: new URL(request.url).searchParams.has('discarded'),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'write programmes');
  const drafted = await draftVersion(actor, params['id'] ?? '');
  return drafted.ok ? redirect(`/admin/programmes/versions/${drafted.value}`) : json({ problem: drafted.error });
}

export default function Programme() {
  const { heading, words, versions, draftId, waiting, history, discarded } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, problem } = useText();
  return (
    <Page title={heading} width="wide" trail={[{ to: '/admin', label: t('shell.nav-admin') }, { to: '/admin/programmes', label: t('programme.title') }]}>
      {answer && <Banner tone="danger" title={problem(answer.problem)} />}
      {discarded && <Banner tone="success" title={t('programme.discarded')} />}
      <Ruling sentence={words.sentence} />
      {waiting > 0 && <Banner tone="info" title={t('programme.waiting-for', { count: waiting })} />}
      <Section title={t('programme.versions')} actions={draftId ? <ButtonLink to={`/admin/programmes/versions/${draftId}`} kind="primary">{t('programme.draft-open')}</ButtonLink> : <PostButton kind="primary">{t('programme.draft-new')}</PostButton>}>
        {!draftId && <p>{t('programme.draft-new-text')}</p>}
        <DataTable
          caption={t('programme.versions')}
          rows={versions}
          rowKey={(row) => row.id}
          empty={t('programme.no-version')}
          columns={[
            { key: 'number', header: t('programme.version'), cell: (row) => <><Link to={`/admin/programmes/versions/${row.id}`}>{t('programme.version-n', { number: row.number })}</Link>{row.note && <><br /><small>{row.note}</small></>}</> },
            { key: 'state', header: t('programme.state'), cell: (row) => <VersionTag standing={row.standing} /> },
            { key: 'effective', header: t('programme.effective'), cell: (row) => (row.effectiveOn === null ? '—' : <DateText date={row.effectiveOn} />) },
            { key: 'assigned', header: t('programme.assigned'), cell: (row) => row.assigned, numeric: true },
            { key: 'cleared', header: t('programme.cleared'), cell: (row) => row.cleared ?? 0, numeric: true },
          ]}
        />
      </Section>
      <Section title={t('programme.history')}>
        {history.length === 0 ? <p>{t('programme.history-none')}</p> : (
          <ol className="plain-list">
            {history.map((one, i) => <li key={i}><InstantText at={one.at} /> · {one.who}{t('ui.colon')}{one.what}</li>)}
          </ol>
        )}
      </Section>
    </Page>
  );
}
