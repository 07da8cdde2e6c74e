import { useText } from '~/text/react';

/** How a group of requirements combines: all, any, at least so many. */
export function HowFields({ id, how, least }: { id: string; how: 'all' | 'any' | 'some'; least: number }) {
  const { t } = useText();
  return (
    <>
      <div className="field">
        <label className="field-label" htmlFor={`${id}-kind`}>{t('programme.req-how')}</label>
        <select className="input" id={`${id}-kind`} name="how" defaultValue={how} key={how}>
          {(['all', 'any', 'some'] as const).map((kind) => <option key={kind} value={kind}>{t(`programme.how.${kind}`)}</option>)}
        </select>
      </div>
      <div className="field field--number">
        <label className="field-label" htmlFor={`${id}-least`}>{t('programme.req-least')}</label>
        <input className="input" id={`${id}-least`} name="least" type="number" inputMode="numeric" min={1} max={40} defaultValue={least} key={least} />
      </div>
    </>
  );
}
