import type { ReactNode } from 'react';
import { useText } from '~/text/react';
import { GroupFrame, useFieldState } from '../form/field';
import { CheckboxField, RadioField, SelectField, SubmitButton, TextAreaField, TextField } from '../form/fields';
import { FormBox, type FormHandle } from '../form/form';
import { Disclosure } from '../page/page';

type Handle = FormHandle;

export interface SittingFormProps {
  form: Handle;
  zone: string;
  /** Lines for rooms that are shown at once. */
  lines: number;
  /** For a new sitting: what to choose from. Of one that exists exam and organisation stay. */
  choices?: { exams: { value: string; label: string }[]; units: { value: string; label: string }[] };
  /** How many have or wait for a place. */
  people?: number;
  cancel: ReactNode;
}

/** The form of a sitting, in the order in which a planner thinks: what, when, where, who, and how they come in. */
export function SittingFormBox({ form, zone, lines, choices, people = 0, cancel }: SittingFormProps) {
  const { t } = useText();
  const time = t('sittings.field.time-hint', { zone });
  return (
    <FormBox form={form}>
      {!choices && <Version form={form} />}
      {choices && <SelectField form={form} name="examId" label={t('sittings.field.exam')} options={choices.exams} />}
      {choices && <SelectField form={form} name="organisationId" label={t('sittings.field.unit')} hint={t('sittings.field.unit-hint')} options={choices.units} />}
      <TextField form={form} name="title" label={t('sittings.field.title')} hint={t('sittings.field.title-hint')} maxLength={80} />
      <RadioField form={form} name="mode" label={t('sittings.field.mode')} options={(['fixed', 'window'] as const).map((value) => ({ value, label: t(`sittings.mode.${value}`), hint: t(`sittings.mode.${value}-hint`) }))} />
      <TextField form={form} name="startsAt" type="datetime-local" label={t('sittings.field.starts')} hint={time} width="middle" />
      <TextField form={form} name="endsAt" type="datetime-local" label={t('sittings.field.ends')} width="middle" optional />
      <RadioField form={form} name="place" label={t('sittings.field.place')} options={(['rooms', 'remote'] as const).map((value) => ({ value, label: t(`sittings.place.${value}`) }))} />
      <Rooms form={form} name="rooms" label={t('sittings.field.rooms')} lines={lines} />
      <TextField form={form} name="capacity" type="number" inputMode="numeric" label={t('sittings.field.capacity')} hint={t('sittings.field.capacity-hint')} width="short" optional />
      <TextAreaField form={form} name="networks" label={t('sittings.field.networks')} hint={t('sittings.field.networks-hint')} rows={2} optional />
      <RadioField form={form} name="booking" label={t('sittings.field.booking')} options={(['assigned', 'self'] as const).map((value) => ({ value, label: t(`sittings.booking.${value}`) }))} />
      <TextField form={form} name="bookFrom" type="datetime-local" label={t('sittings.field.book-from')} hint={t('sittings.field.book-from-hint')} width="middle" optional />
      <TextField form={form} name="bookUntil" type="datetime-local" label={t('sittings.field.book-until')} hint={t('sittings.field.book-until-hint')} width="middle" optional />
      <TextField form={form} name="lateMinutes" type="number" inputMode="numeric" label={t('sittings.field.late')} hint={t('sittings.field.late-hint')} width="short" optional />
      <RadioField form={form} name="lateRule" label={t('sittings.field.late-rule')} options={(['full', 'cut'] as const).map((value) => ({ value, label: t(`sittings.late.${value}`) }))} />
      <CheckboxField form={form} name="admission" label={t('sittings.field.admission')} />
      <CheckboxField form={form} name="checkIn" label={t('sittings.field.check-in')} />
      <RadioField form={form} name="seb" label={t('sittings.field.seb')} options={(['off', 'required'] as const).map((value) => ({ value, label: t(`sittings.seb.${value}`) }))} />
      {people > 0 && <CheckboxField form={form} name="confirmed" label={t('sittings.field.confirmed')} hint={t('sittings.field.confirmed-hint', { people })} />}
      <div className="button-row"><SubmitButton>{t('sittings.save')}</SubmitButton>{cancel}</div>
    </FormBox>
  );
}

/** The version that the planner saw first: after a refusal the page may know a later one, which must not be sent. */
function Version({ form }: { form: Handle }) {
  const field = useFieldState(form, 'version');
  return <input type="hidden" name="version" defaultValue={field.initial} />;
}

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
/** Further lines, folded away: works without scripts, and nothing typed gets lost. */
const FURTHER = 12;

function Rooms({ form, name, label, lines }: { form: Handle; name: 'rooms'; label: string; lines: number }) {
  const { t } = useText();
  const field = useFieldState(form, name);
  return (
    <GroupFrame field={field} label={label} hint={t('sittings.field.rooms-hint')}>
      {range(0, lines).map((i) => <RoomLine key={i} form={form} i={i} />)}
      <Disclosure summary={t('sittings.field.rooms-more')}>{range(lines, lines + FURTHER).map((i) => <RoomLine key={i} form={form} i={i} />)}</Disclosure>
    </GroupFrame>
  );
}

function RoomLine({ form, i }: { form: Handle; i: number }) {
  const { t } = useText();
  const id = useFieldState(form, `rooms[${i}].id`);
  return (
    <fieldset className="exam-room">
      <legend>{t('sittings.field.room', { number: i + 1 })}</legend>
      {id.initial && <input type="hidden" name={`rooms[${i}].id`} defaultValue={id.initial} />}
      <div className="exam-room-cells">
        <TextField form={form} name={`rooms[${i}].name`} label={t('sittings.field.room-name')} optional maxLength={60} />
        <TextField form={form} name={`rooms[${i}].seats`} type="number" inputMode="numeric" label={t('sittings.field.room-seats')} optional />
        <TextField form={form} name={`rooms[${i}].seatsPerRow`} type="number" inputMode="numeric" label={t('sittings.field.room-row')} optional />
        <TextField form={form} name={`rooms[${i}].networks`} label={t('sittings.field.room-networks')} optional />
      </div>
    </fieldset>
  );
}
