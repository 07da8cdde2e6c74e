import { Form } from '@remix-run/react';
import type { Problem } from '~/kernel/result';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Button, ButtonLink, ButtonRow } from '../button/button';
import { RadioField, SelectField, SubmitButton, TextAreaField, TextField } from '../form/fields';
import { FormBox, useFormReply } from '../form/form';
import { Disclosure, Page, Section } from '../page/page';
import { ChoiceField, Ruling } from './choice-field';
import { Combination } from './combination';
import { HowFields } from './how-fields';
import type { Basics, ValidityForm } from './programme-forms.server';
import type { VersionData } from './version-page.server';
import { VersionTag } from './version-tag';

const REQUIREMENT_KINDS = ['course', 'exam', 'credential', 'hours', 'event', 'external', 'declaration'] as const;
const CONDITION_KINDS = ['appointment', 'nature', 'organisation', 'post', 'post-contains', 'rank', 'intake', 'start-of-duty'] as const;
const GATES = ['before-start-of-duty', 'before-confirmation', 'none'] as const;
const DUE_KINDS = ['before-start', 'after-start', 'months-after-start', 'fixed'] as const;
const VALIDITY_KINDS = ['for-ever', 'from-completion', 'from-last-expiry', 'fixed-date'] as const;
const UNITS = ['months', 'years', 'working-days'] as const;

interface PartProps {
  data: VersionData;
}

/** A draft: what it rules as a sentence, then each part with its forms. */
export function DraftPage({ data, problem }: PartProps & { problem: Problem | null }) {
  const { t, problem: words } = useText();
  return (
    <Page title={data.heading} lead={<p><VersionTag standing="draft" /> {t('programme.editor-lead')}</p>} width="wide" trail={[
      { to: '/admin', label: t('shell.nav-admin') }, { to: '/admin/programmes', label: t('programme.title') }, { to: `/admin/programmes/${data.programmeId}`, label: data.words.title },
    ]}>
      {problem && <Banner tone="danger" title={words(problem)} />}
      {!problem && (data.done === 'saved' || data.done === 'created') && <Banner tone="success" title={t(data.done === 'created' ? 'programme.created' : 'programme.saved')} />}
      <Ruling sentence={data.words.sentence} />
      {data.faults.count > 0 ? (
        <Banner tone="warning" title={t('programme.faults', { count: data.faults.count })}>
          <ul className="plain-list">{data.faults.parts.map((part) => <li key={part}><a href={`#${part}`}>{t(`programme.${part}`)}</a></li>)}</ul>
        </Banner>
      ) : <Banner tone="info" title={t('programme.sound')} />}
      <ButtonRow>
        <ButtonLink to={`/admin/programmes/versions/${data.id}/preview`}>{t('programme.preview')}</ButtonLink>
        {data.mayPublish && data.faults.count === 0 && <ButtonLink to={`/admin/programmes/versions/${data.id}/publish`} kind="primary">{t('programme.publish')}</ButtonLink>}
      </ButtonRow>
      <Section title={t('programme.requirements')} id="requirements"><Requirements data={data} /></Section>
      <Section title={t('programme.applies')} id="applies"><Applies data={data} /></Section>
      <Section title={t('programme.basics')} id="basics"><Faults of={data.faults.basics} /><BasicsForm key={data.version} data={data} /></Section>
      <Section title={t('programme.validity')} id="validity"><Faults of={data.faults.validity} /><ValidityBox key={data.version} data={data} /></Section>
      <Disclosure summary={t('programme.discard')}>
        <p>{t('programme.discard-text')}</p>
        <Form method="post">
          <input type="hidden" name="__form" value="discard" />
          <input type="hidden" name="version" value={data.version} />
          <ButtonRow><Button kind="danger">{t('programme.discard')}</Button></ButtonRow>
        </Form>
      </Disclosure>
    </Page>
  );
}

function Faults({ of }: { of: Problem[] }) {
  const { problem } = useText();
  return <>{of.map((one) => <p key={one.code} className="field-error">{problem(one)}</p>)}</>;
}

function Requirements({ data }: PartProps) {
  const { t } = useText();
  const here = `/admin/programmes/versions/${data.id}/requirement`;
  return (
    <>
      <Faults of={data.faults.requirements} />
      <Combination top={data.tree} edit={{ version: data.version, form: 'tree', changeAt: (code) => `${here}?code=${encodeURIComponent(code)}` }} />
      <div className="combination-add">
        <h3>{t('programme.req-add')}</h3>
        <Form method="get" action={here} className="combination-form">
          <ChoiceField id="add-kind" name="kind" label={t('programme.field.kind')} options={REQUIREMENT_KINDS.map((value) => ({ value, label: t(`programme.kind.${value}`) }))} />
          {data.groups.length > 1 && <ChoiceField id="add-to" name="to" label={t('programme.field.where')} options={data.groups} value={data.addTo} />}
          <Button>{t('programme.continue')}</Button>
        </Form>
      </div>
      <Disclosure summary={t('programme.req-add-group')}>
        <p>{t('programme.req-add-group-hint')}</p>
        <Form method="post" className="combination-form" preventScrollReset>
          <input type="hidden" name="__form" value="group" />
          <input type="hidden" name="version" value={data.version} />
          <HowFields id="new-group" how="any" least={1} />
          {data.groups.length > 1 ? <ChoiceField id="group-to" name="to" label={t('programme.field.where')} options={data.groups} /> : <input type="hidden" name="to" value="top" />}
          <Button>{t('programme.req-add-group')}</Button>
        </Form>
      </Disclosure>
    </>
  );
}

function Applies({ data }: PartProps) {
  const { t } = useText();
  return (
    <>
      <Faults of={data.faults.applies} />
      {data.rule.of.length === 0 ? <p>{t('programme.applies-everybody')}</p> : <Combination top={data.rule} edit={{ version: data.version, form: 'rule' }} />}
      <div className="combination-add">
        <h3>{t('programme.rule-add')}</h3>
        <Form method="get" action={`/admin/programmes/versions/${data.id}/condition`} className="combination-form">
          <ChoiceField id="rule-kind" name="kind" label={t('programme.rule-kind')} options={CONDITION_KINDS.map((value) => ({ value, label: t(`programme.rule.${value}`) }))} />
          {data.ruleGroups.length > 1 && <ChoiceField id="rule-to" name="to" label={t('programme.rule-where')} options={data.ruleGroups} />}
          <Button>{t('programme.continue')}</Button>
        </Form>
      </div>
      <Disclosure summary={t('programme.rule-add-group')}>
        <Form method="post" className="combination-form" preventScrollReset>
          <input type="hidden" name="__form" value="rule-group" />
          <input type="hidden" name="version" value={data.version} />
          <ChoiceField id="rule-how" name="how" label={t('programme.req-how')} options={[{ value: 'any', label: t('programme.rule-any') }, { value: 'all', label: t('programme.rule-all') }]} />
          {data.ruleGroups.length > 1 ? <ChoiceField id="rule-group-to" name="to" label={t('programme.rule-where')} options={data.ruleGroups} /> : <input type="hidden" name="to" value="top" />}
          <Button>{t('programme.rule-add-group')}</Button>
        </Form>
      </Disclosure>
    </>
  );
}

function BasicsForm({ data }: PartProps) {
  const { t } = useText();
  const form = useFormReply<typeof Basics>({ id: 'basics', defaultValue: data.basics });
  return (
    <FormBox form={form}>
      <input type="hidden" name="version" value={data.version} />
      <TextField form={form} name="titleZh" label={t('programme.field.title-zh')} maxLength={80} />
      <TextField form={form} name="titleEn" label={t('programme.field.title-en')} maxLength={80} />
      <RadioField form={form} name="gate" label={t('programme.field.gate')} options={GATES.map((value) => ({ value, label: t(`programme.gate.${value}`), hint: t(`programme.gate-hint.${value}`) }))} />
      <SelectField form={form} name="due" label={t('programme.field.due')} hint={t('programme.field.due-hint')} options={DUE_KINDS.map((value) => ({ value, label: t(`programme.due.${value}`) }))} />
      <TextField form={form} name="dueCount" type="number" inputMode="numeric" width="short" label={t('programme.field.due-count')} optional />
      <TextField form={form} name="dueOn" type="date" width="middle" label={t('programme.field.due-on')} hint={t('programme.field.due-on-hint')} optional />
      <TextAreaField form={form} name="note" label={t('programme.field.note')} hint={t('programme.field.note-hint')} rows={3} optional />
      <SubmitButton kind="secondary">{t('programme.save')}</SubmitButton>
    </FormBox>
  );
}

function ValidityBox({ data }: PartProps) {
  const { t } = useText();
  const form = useFormReply<typeof ValidityForm>({ id: 'validity', defaultValue: data.validity });
  const units = UNITS.map((value) => ({ value, label: t(`programme.unit.${value}`) }));
  const open = data.validity.validity !== 'for-ever' || form.meta.status === 'error';
  return (
    <FormBox form={form}>
      <input type="hidden" name="version" value={data.version} />
      <RadioField form={form} name="validity" label={t('programme.field.validity')} options={VALIDITY_KINDS.map((value) => ({ value, label: t(`programme.validity.${value}`) }))} />
      <Disclosure summary={t('programme.validity-more')} open={open}>
        <div className="combination-form">
          <TextField form={form} name="period" type="number" inputMode="numeric" label={t('programme.field.period')} optional />
          <SelectField form={form} name="unit" label={t('programme.field.unit')} options={units} optional />
          <TextField form={form} name="window" type="number" inputMode="numeric" label={t('programme.field.window-count')} optional />
          <SelectField form={form} name="windowUnit" label={t('programme.field.window-unit')} options={units} optional />
          <TextField form={form} name="day" label={t('programme.field.fixed-day')} hint={t('programme.field.fixed-day-hint')} maxLength={5} optional />
          <TextField form={form} name="every" type="number" inputMode="numeric" label={t('programme.field.every')} optional />
        </div>
      </Disclosure>
      <SubmitButton kind="secondary">{t('programme.save')}</SubmitButton>
    </FormBox>
  );
}
