import type { Problem } from '~/kernel/result';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { ButtonLink, ButtonRow } from '../button/button';
import { Facts } from '../facts/facts';
import { SubmitButton, TextField } from '../form/fields';
import { FormBox, useFormReply } from '../form/form';
import { Disclosure, Page, Section } from '../page/page';
import { DateText } from '../time/time';
import { Ruling } from './choice-field';
import { Combination } from './combination';
import type { Withdraw } from './programme-forms.server';
import type { VersionData } from './version-page.server';
import { VersionTag } from './version-tag';

const DONE = ['published', 'published-later', 'withdrawn'] as const;

/** A version that is published or withdrawn: to read, with how far it is assigned. */
export function PublishedPage({ data, problem }: { data: VersionData; problem: Problem | null }) {
  const { t, problem: words } = useText();
  const done = DONE.find((one) => one === data.done);
  return (
    <Page title={data.heading} width="wide" trail={[
      { to: '/admin', label: t('shell.nav-admin') }, { to: '/admin/programmes', label: t('programme.title') }, { to: `/admin/programmes/${data.programmeId}`, label: data.words.title },
    ]}>
      {problem && <Banner tone="danger" title={words(problem)} />}
      {done && !problem && <Banner tone="success" title={t(`programme.${done}`)} />}
      <Ruling sentence={data.words.sentence} />
      <Facts items={[
        { term: t('programme.state'), value: <VersionTag standing={data.standing} /> },
        { term: t('programme.effective'), value: <DateText date={data.effectiveOn} far /> },
        { term: t('programme.gate'), value: data.words.gate },
        { term: t('programme.field.due'), value: data.words.due },
        { term: t('programme.validity'), value: data.words.validity },
        ...(data.note ? [{ term: t('programme.field.note'), value: data.note }] : []),
      ]} />
      <Section title={t('programme.progress')}>
        <p>{t('programme.progress-line', { total: data.counts.assigned + data.waiting, assigned: data.counts.assigned, cleared: data.counts.cleared ?? 0 })}</p>
        {data.waiting > 0 && <p>{t('programme.waiting-for', { count: data.waiting })}</p>}
        <ButtonRow>
          <ButtonLink to={`/admin/programmes/versions/${data.id}/preview`}>{t('programme.preview')}</ButtonLink>
          {data.mayPublish && data.standing === 'in-force' && data.words.number > 1 && <ButtonLink to={`/admin/programmes/versions/${data.id}/move`}>{t('programme.move')}</ButtonLink>}
        </ButtonRow>
      </Section>
      <Section title={t('programme.requirements')}><Combination top={data.tree} /></Section>
      <Section title={t('programme.applies')}>{data.rule.of.length === 0 ? <p>{t('programme.applies-everybody')}</p> : <Combination top={data.rule} />}</Section>
      {data.mayPublish && data.standing !== 'withdrawn' && <WithdrawForm data={data} />}
    </Page>
  );
}

function WithdrawForm({ data }: { data: VersionData }) {
  const { t } = useText();
  const form = useFormReply<typeof Withdraw>({ id: 'withdraw' });
  return (
    <Disclosure summary={t('programme.withdraw')} open={form.meta.status === 'error'}>
      <p>{data.formerNumber === null ? t('programme.withdraw-text-none') : t('programme.withdraw-text-former', { number: data.formerNumber })}</p>
      <FormBox form={form}>
        <input type="hidden" name="version" value={data.version} />
        <TextField form={form} name="reason" label={t('programme.reason')} hint={t('programme.reason-hint')} maxLength={300} />
        <SubmitButton kind="danger">{t('programme.withdraw')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
