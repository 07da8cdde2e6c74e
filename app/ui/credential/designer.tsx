import { useEffect, useState } from 'react';
import type { ZodType } from 'zod';
import type { TemplateWords } from '~/certification';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Button, ButtonLink, ButtonRow } from '../button/button';
import { CheckboxField, CheckboxGroupField, FileField, RadioField, SubmitButton, TextField } from '../form/fields';
import { FormBox, useFormReply } from '../form/form';
import { Section } from '../page/page';

export interface DesignerProps {
  id: string;
  words: TemplateWords;
  sampleName: string;
  hasEmblem: boolean;
  missing: string[];
  /** The query of what is tried, unsaved; empty when nothing is. */
  preview: string;
  draft: { version: number } | null;
}

// Named here too: the room's lists are the server's.
const PALETTES = ['teal', 'red', 'blue', 'ink'] as const;
const ORIENTATIONS = ['portrait', 'landscape'] as const;
const FACTS = ['recruitment-number', 'post', 'requirements', 'start-of-duty', 'english'] as const;
const WORDS = [
  ['titleZh', 'templates.title-zh', 20], ['titleEn', 'templates.title-en', 60], ['openingZh', 'templates.opening-zh', 40], ['openingEn', 'templates.opening-en', 80],
  ['sealLine', 'templates.seal-line', 12], ['signatureZh', 'templates.signature-zh', 30], ['signatureEn', 'templates.signature-en', 60],
] as const;

/** The form beside a sample of what it makes. Without JavaScript the sample follows a button, with it what is typed. */
export function Designer({ id, words, sampleName, hasEmblem, missing, preview, draft }: DesignerProps) {
  const { t } = useText();
  const here = `/admin/credential-templates/${id}`;
  const typed = usePreview(preview || queryOf(words, sampleName));
  return (
    <div className="designer">
      {draft && <DesignForm here={here} words={words} sampleName={sampleName} hasEmblem={hasEmblem} version={draft.version} onInput={typed.listen} />}
      <Section title={t('templates.preview')}>
        {missing.length > 0 && <Banner tone="warning" title={t('templates.missing', { characters: missing.join(' ') })} />}
        <img className="designer-sample" src={`${here}/preview.svg${typed.query}`} alt={t('templates.preview-alt')} />
        <p className="soft small">{t('templates.preview-note')}</p>
        <ButtonRow><ButtonLink to={`${here}/preview.pdf${typed.query}`} document>{t('templates.preview-pdf')}</ButtonLink></ButtonRow>
      </Section>
    </div>
  );
}

type DesignFields = ZodType<unknown, { [name in (typeof WORDS)[number][0] | 'palette' | 'orientation' | 'sampleName' | 'emblem' | 'noEmblem']?: string } & { facts?: string[] }>;

interface DesignFormProps extends Pick<DesignerProps, 'words' | 'sampleName' | 'hasEmblem'> {
  here: string;
  version: number;
  onInput: (form: HTMLFormElement) => void;
}

function DesignForm({ here, words, sampleName, hasEmblem, version, onInput }: DesignFormProps) {
  const { t } = useText();
  const form = useFormReply<DesignFields>({ id: 'design', defaultValue: { ...words, sampleName } });
  return (
    <div onInput={(event) => onInput((event.target as HTMLInputElement).form as HTMLFormElement)}>
      <FormBox form={form} multipart>
        <input type="hidden" name="version" value={version} />
        {WORDS.map(([name, label, max]) => <TextField key={name} form={form} name={name} label={t(label)} maxLength={max} optional={!name.startsWith('title')} />)}
        <RadioField form={form} name="palette" label={t('templates.palette')} options={PALETTES.map((value) => ({ value, label: t(`templates.palette.${value}`) }))} />
        <RadioField form={form} name="orientation" label={t('templates.orientation')} options={ORIENTATIONS.map((value) => ({ value, label: t(`templates.orientation.${value}`) }))} />
        <CheckboxGroupField form={form} name="facts" label={t('templates.facts')} hint={t('templates.facts-hint')} options={FACTS.map((value) => ({ value, label: t(`templates.fact.${value}`) }))} optional />
        <FileField form={form} name="emblem" label={t('templates.emblem')} hint={hasEmblem ? t('templates.emblem-kept') : undefined} accept="image/png" optional />
        {hasEmblem && <CheckboxField form={form} name="noEmblem" label={t('templates.emblem-remove')} />}
        <TextField form={form} name="sampleName" label={t('templates.preview-form')} hint={t('templates.preview-name-hint')} maxLength={60} optional />
        <ButtonRow>
          <SubmitButton>{t('templates.save')}</SubmitButton>
          <Button formMethod="get" formAction={here} formEncType="application/x-www-form-urlencoded">{t('templates.preview-update')}</Button>
        </ButtonRow>
      </FormBox>
    </div>
  );
}

const QUIET_MS = 300;

/** The address of the sample, which follows what is typed once it rests. */
function usePreview(first: string): { query: string; listen: (form: HTMLFormElement) => void } {
  const [query, setQuery] = useState(first);
  const [form, setForm] = useState<{ form: HTMLFormElement } | null>(null);
  useEffect(() => setQuery(first), [first]);
  useEffect(() => {
    if (!form) return;
    const timer = setTimeout(() => setQuery(`?${typedIn(form.form)}`), QUIET_MS);
    return () => clearTimeout(timer);
  }, [form]);
  return { query, listen: (changed) => setForm({ form: changed }) };
}

function typedIn(form: HTMLFormElement): string {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') query.append(name, value);
  return query.toString();
}

function queryOf({ facts, ...words }: TemplateWords, sampleName: string): string {
  const query = new URLSearchParams({ ...words, sampleName });
  for (const fact of facts) query.append('facts', fact);
  return `?${query.toString()}`;
}
