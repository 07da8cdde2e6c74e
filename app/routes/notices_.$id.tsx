import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { markRead, ownNotice, pathOf } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, DateText, Page, Section, StatusTag } from '~/ui';
import { linkWords } from '~/ui/notices/link-words';
import { Proof } from '~/ui/notices/proof';
import { shownProof } from '~/ui/notices/shown-proof.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** One notice of one's own, with what proves that it was told. To open it is to read it. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'read notices');
  const personId = actor.personId ?? '';
  const proof = await ownNotice(reader(), personId, params['id'] ?? '');
  if (!proof) throw new ProblemError({ code: 'not-found' });
  if (proof.notice.readAt === null) await markRead(personId, [proof.notice.id]);
  const text = textFor(langOf(request), config().TIME_ZONE);
  const shown = await shownProof(proof, text);
  return json({
    heading: shown.title, proof: shown, leadsTo: pathOf(proof.notice), isDropped: proof.notice.droppedAt !== null, id: proof.notice.id,
    behind: proof.behind.map((one) => ({
      id: one.assignment_id, name: one.name, organisation: one.organisation, post: one.post, dueOn: one.due_on, programme: text.lang === 'zh' ? one.title_zh : one.title_en, still: one.still === 1,
    })),
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function OneNotice() {
  const { proof, leadsTo, isDropped, id, behind } = useLoaderData<typeof loader>();
  const { t } = useText();
  const goesOn = !isDropped && leadsTo !== `/notices/${id}`;
  return (
    <Page title={proof.title} lead={<p>{proof.text}</p>} width={behind.length > 0 ? 'wide' : 'text'} trail={[{ to: '/notices', label: t('notices.title') }]}
      actions={goesOn && <ButtonLink kind="primary" to={leadsTo}>{t(linkWords(leadsTo))}</ButtonLink>}>
      {isDropped && <p><StatusTag tone="neutral">{t('sending.dropped')}</StatusTag></p>}
      {behind.length > 0 && <Behind people={behind} />}
      <Proof proof={proof} />
    </Page>
  );
}

/** Who is overdue. */
function Behind({ people }: { people: Data['behind'] }) {
  const { t } = useText();
  return (
    <Section title={t('sending.behind')}>
      <DataTable
        caption={t('sending.behind')}
        rows={people}
        rowKey={(row) => row.id}
        empty=""
        columns={[
          { key: 'name', header: t('hr.name'), cell: (row) => row.name },
          { key: 'unit', header: t('hr.organisation'), cell: (row) => <>{row.organisation}<br /><small>{row.post}</small></> },
          { key: 'programme', header: t('sending.programme'), cell: (row) => row.programme },
          { key: 'due', header: t('sending.due'), cell: (row) => <DateText date={row.dueOn} far /> },
          { key: 'now', header: t('sending.now'), cell: (row) => <StatusTag tone={row.still ? 'bad' : 'ok'}>{t(row.still ? 'sending.still-overdue' : 'sending.settled')}</StatusTag> },
        ]}
      />
    </Section>
  );
}
