import type { SittingInvigilator } from '~/exams';
import { useText } from '~/text/react';
import { PostButton } from '../button/button';
import { SelectField, SubmitButton } from '../form/fields';
import { FormBox, useFormReply } from '../form/form';
import { Disclosure } from '../page/page';
import { DataTable } from '../table/table';

export interface InvigilatorsProps {
  invigilators: SittingInvigilator[];
  /** To choose from; null for who does not plan. */
  known: { accountId: string; name: string; signInName: string }[] | null;
  rooms: { id: string; name: string }[];
}

/** Who watches over a sitting, and over which room. */
export function Invigilators({ invigilators, known, rooms }: InvigilatorsProps) {
  const { t } = useText();
  const form = useFormReply({ id: 'appoint' });
  return (
    <>
      <DataTable
        caption={t('sittings.invigilators')}
        rows={invigilators}
        rowKey={(row) => row.accountId}
        empty={<p>{t('sittings.invigilators-none')}</p>}
        columns={[
          { key: 'name', header: t('sittings.invigilator-who'), cell: (row) => row.name },
          { key: 'room', header: t('sittings.invigilator-room'), cell: (row) => row.room ?? t('sittings.invigilator-all') },
          ...(known ? [{ key: 'remove', screenOnly: true, header: t('sittings.invigilator-remove'), cell: (row: SittingInvigilator) => (
            <PostButton fields={{ __form: 'dismiss', accountId: row.accountId }} label={t('sittings.invigilator-remove-of', { name: row.name })}>{t('sittings.invigilator-remove')}</PostButton>
          ) }] : []),
        ]}
      />
      {known && (
        <Disclosure summary={t('sittings.invigilator-add')} open={Object.keys(form.meta.allErrors).length > 0}>
          <FormBox form={form}>
            <SelectField form={form} name="accountId" label={t('sittings.invigilator-who')} hint={t('sittings.invigilator-who-hint')} options={known.map((one) => ({ value: one.accountId, label: one.name === one.signInName ? one.name : `${one.name} (${one.signInName})` }))} />
            {rooms.length > 0 && <SelectField form={form} name="roomId" label={t('sittings.invigilator-room')} hint={t('sittings.invigilator-all')} options={rooms.map(({ id, name }) => ({ value: id, label: name }))} optional />}
            <SubmitButton kind="secondary">{t('sittings.invigilator-add')}</SubmitButton>
          </FormBox>
        </Disclosure>
      )}
    </>
  );
}
