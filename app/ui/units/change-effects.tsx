import { useText } from '~/text/react';
import { DataTable } from '../table/table';
import { Facts } from '../facts/facts';

interface Effects {
  unit: string;
  target: string;
  figures: { people: number; units: number; roles: number; intakes: number; transfers: number; applications: number };
  roles: { role: 'administrator' | 'hr' | 'author' | 'invigilator' | 'adjudicator' | 'inspector'; holder: string; organisation: string; effect: 'loses' | 'gains' | 'ends' | 'carried' }[];
  programmes: { title: { zh: string; en: string }; starts: number; ends: number }[];
}

/** Whom a move, a merger or a closing touches: people, whose scope, and which programmes. */
export function ChangeEffects({ preview, given: { kind, effectiveOn } }: { preview: Effects; given: { kind: 'move' | 'merge' | 'close'; effectiveOn: string } }) {
  const { t, date, lang } = useText();
  const { unit, target, figures, roles, programmes } = preview;
  return (
    <>
      <p>{t(`units.preview-${kind}`, { date: date(effectiveOn), name: unit, target })}</p>
      <Facts items={(['people', 'units', 'roles', 'intakes', 'transfers', 'applications'] as const).map((one) => ({ term: t(`units.figure-${one}`), value: <span className="figures">{figures[one]}</span> }))} />
      <h3>{t('units.scope-listed')}</h3>
      <DataTable
        caption={t('units.scope-listed')}
        rows={roles.map((row, i) => ({ ...row, key: String(i) }))}
        rowKey={(row) => row.key}
        empty={<p>{t('units.scope-none')}</p>}
        columns={[
          { key: 'holder', header: t('units.held-by'), cell: (row) => row.holder },
          { key: 'role', header: t('units.role'), cell: (row) => t(`identity.role.${row.role}`) },
          { key: 'where', header: t('units.where'), cell: (row) => row.organisation },
          { key: 'effect', header: t('units.scope-effect'), cell: (row) => t(`units.effect.${row.effect}`) },
        ]}
      />
      <h3>{t('units.programme')}</h3>
      {programmes.length === 0 ? <p>{t('units.programmes-none')}</p> : (
        <ul>
          {programmes.flatMap((one) => [
            ...(one.starts > 0 ? [<li key={`${one.title.zh} starts`}>{t('units.programme-starts', { title: one.title[lang], count: one.starts })}</li>] : []),
            ...(one.ends > 0 ? [<li key={`${one.title.zh} ends`}>{t('units.programme-ends', { title: one.title[lang], count: one.ends })}</li>] : []),
          ])}
        </ul>
      )}
    </>
  );
}
