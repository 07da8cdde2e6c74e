import { Form } from '@remix-run/react';
import { useText } from '~/text/react';
import { Button } from '../button/button';
import { ROW_STATES, SORTS, type Filter } from './view';

export interface ConsoleFilterProps {
  filter: Filter;
  onFilter: (filter: Filter) => void;
  rooms: readonly { id: string; name: string }[];
  shown: number;
  total: number;
  /** JavaScript runs: the list follows each letter, and no button is needed. */
  alive: boolean;
}

/** Finding somebody among five hundred. Without JavaScript an ordinary form. */
export function ConsoleFilter({ filter, onFilter, rooms, shown, total, alive }: ConsoleFilterProps) {
  const { t } = useText();
  const set = (change: Partial<Filter>) => onFilter({ ...filter, ...change });
  const choice = (name: 'room' | 'state' | 'sort', label: string, options: { value: string; label: string }[], all: boolean) => (
    <label className="filter-field">
      <span>{label}</span>
      <select className="input" name={name} value={filter[name]} onChange={(event) => set({ [name]: event.target.value })}>
        {all && <option value="">{t('ui.all')}</option>}
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </label>
  );
  return (
    <Form method="get" role="search" className="filter console-filter" onSubmit={(event) => { if (alive) event.preventDefault(); }}>
      <div className="filter-fields">
        <label className="filter-field">
          <span>{t('console.search')}</span>
          <input className="input" type="search" name="search" value={filter.search} onChange={(event) => set({ search: event.target.value })} />
        </label>
        {rooms.length > 1 && choice('room', t('console.room'), rooms.map(({ id, name }) => ({ value: id, label: name })), true)}
        {choice('state', t('console.state'), ROW_STATES.map((value) => ({ value, label: t(`console.filter.${value}`) })), true)}
        {choice('sort', t('console.sort'), SORTS.map((value) => ({ value, label: t(`console.sort.${value}`) })), false)}
        <label className="console-need-only">
          <input className="console-check" type="checkbox" name="need" checked={filter.need} onChange={(event) => set({ need: event.target.checked })} />
          <span>{t('console.need-any')}</span>
        </label>
        {!alive && <div className="filter-buttons"><Button>{t('ui.find')}</Button></div>}
      </div>
      <div className="filter-result"><span className="figures" role="status">{t('console.found', { shown, total })}</span></div>
    </Form>
  );
}
