import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { namesOf } from '~/audit';
import { namesFor, openVersion, previewReach, publishVersion } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, ButtonLink, ButtonRow, FormBox, Page, Section, SubmitButton, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { Ruling } from '~/ui/programme/choice-field';
import { ReachCounts } from '~/ui/programme/reach-counts';
import { versionWords } from '~/ui/programme/version-view.server';

export const meta = pageTitle;

const Count = z.number().int().min(0);
const Publish = z.object({ version: z.number().int(), effectiveOn: z.string().refine(isPlainDate, 'field.date'), total: Count, fresh: Count, former: Count, exceptions: Count });

const today = (): string => dateAt(clock.now(), config().TIME_ZONE);

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'publish programmes');
  const text = textFor(langOf(request));
  const { version, faults } = must(await openVersion(actor, params['id'] ?? ''));
  if (version.state !== 'draft') throw redirect(`/admin/programmes/versions/${version.id}`);
  const asked = new URL(request.url).searchParams.get('on') ?? '';
  const on = isPlainDate(asked) && asked >= today() ? asked : null;
  const drafter = (await namesOf(reader(), [version.createdBy])).get(version.createdBy) ?? null;
  const words = versionWords(version, await namesFor(reader(), text.lang), text);
  return json({
    heading: text.t('programme.publish-title', { title: words.title, number: words.number }), id: version.id, programmeId: version.programmeId, version: version.version, words, drafter, draftedAt: version.createdAt, own: version.createdBy === actor.by,
    faulty: faults.length > 0, past: asked !== '' && on === null, on, today: today(), reach: on === null ? null : await previewReach(reader(), version, on),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'publish programmes');
  const form = await parseForm(request, Publish);
  if (!form.ok) return form.response;
  const { version, effectiveOn, ...seen } = form.value;
  const id = params['id'] ?? '';
  const published = await publishVersion(actor, id, { version, effectiveOn, seen });
  return published.ok ? redirect(`/admin/programmes/versions/${id}?done=${effectiveOn > today() ? 'published-later' : 'published'}`) : form.refuse(published.error);
}

export default function PublishVersion() {
  const data = useLoaderData<typeof loader>();
  const { t, problem } = useText();
  const back = `/admin/programmes/versions/${data.id}`;
  return (
    <Page title={data.heading} lead={t('programme.publish-lead')} width="wide" trail={[
      { to: '/admin/programmes', label: t('programme.title') }, { to: `/admin/programmes/${data.programmeId}`, label: data.words.title }, { to: back, label: t('programme.version-n', { number: data.words.number }) },
    ]}>
      <Ruling sentence={data.words.sentence} />
      <Drafted data={data} />
      {data.faulty ? (
        <Banner tone="danger" title={t('programme.publish-faults')}><ButtonRow><ButtonLink to={back}>{t('programme.back-to-edit')}</ButtonLink></ButtonRow></Banner>
      ) : (
        <>
          {data.past && <Banner tone="danger" title={problem({ code: 'programme.effective-past' })} />}
          <Form method="get" className="combination-form">
            <div className="field">
              <label className="field-label" htmlFor="on">{t('programme.field.effective')}</label>
              <p className="field-hint" id="on-hint">{t('programme.field.effective-hint')}</p>
              <input className="input" id="on" type="date" name="on" defaultValue={data.on ?? data.today} aria-describedby="on-hint" />
            </div>
            <Button kind={data.reach ? 'secondary' : 'primary'}>{t('programme.look')}</Button>
          </Form>
          {data.reach && data.on !== null && <SecondLook key={JSON.stringify([data.on, data.reach, data.version])} on={data.on} reach={data.reach} version={data.version} today={data.today} />}
        </>
      )}
    </Page>
  );
}

/** Who wrote it: one person may write and publish, and whoever publishes should know that nobody else has looked. */
function Drafted({ data: { drafter, draftedAt, own } }: { data: ReturnType<typeof useLoaderData<typeof loader>> }) {
  const { t, dateTime } = useText();
  return <p>{t(own ? 'programme.drafted-own' : 'programme.drafted-by', { by: drafter ?? t('hr.by-system'), at: dateTime(draftedAt) })}</p>;
}

/** The numbers, to be looked at before the button that names them. */
function SecondLook({ on, reach, version, today: now }: { on: string; reach: { total: number; fresh: number; former: number; exceptions: number }; version: number; today: string }) {
  const { t, date } = useText();
  const form = useFormReply<typeof Publish>();
  return (
    <Section title={t('programme.second-look')}>
      <ReachCounts reach={reach} />
      <p>{t('programme.second-look-text', { date: date(on), ...reach })}</p>
      <FormBox form={form}>
        <input type="hidden" name="version" value={version} />
        <input type="hidden" name="effectiveOn" value={on} />
        {(['total', 'fresh', 'former', 'exceptions'] as const).map((name) => <input key={name} type="hidden" name={name} value={reach[name]} />)}
        <SubmitButton>{on > now ? t('programme.publish-confirm-later', { date: date(on) }) : t('programme.publish-confirm', { fresh: reach.fresh })}</SubmitButton>
      </FormBox>
    </Section>
  );
}
