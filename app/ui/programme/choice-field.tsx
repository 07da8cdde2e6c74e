import { useText } from '~/text/react';

/** A plain choice in a small form that needs no reply of its own. */
export function ChoiceField({ id, name, label, options, value }: { id: string; name: string; label: string; options: { value: string; label: string }[]; value?: string }) {
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>{label}</label>
      <select className="input" id={id} name={name} defaultValue={value ?? options[0]?.value} key={value}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </div>
  );
}

/** What a version rules, read back. */
export function Ruling({ sentence }: { sentence: string }) {
  const { t } = useText();
  return (
    <div className="ruling">
      <p className="ruling-title">{t('programme.reads')}</p>
      <p>{sentence}</p>
    </div>
  );
}
