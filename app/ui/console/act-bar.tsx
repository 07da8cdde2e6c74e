import type { ActOnPeople } from '~/exams';
import { useText } from '~/text/react';
import { Button } from '../button/button';
import { FORM_FIELD } from '../form/form-reply';

/** Those needed most often are at hand; the others one press further. */
const AT_HAND: readonly ActOnPeople[] = ['message', 'time', 'pause', 'resume', 'device', 'admit'];
const FURTHER: readonly ActOnPeople[] = ['refuse', 'exempt', 'note', 'hand-in', 'void'];

export interface ActBarProps {
  form: string;
  selected: number;
  rooms: readonly { id: string; name: string }[];
  scope: string;
  onScope: (scope: string) => void;
}

/** What can be done, and to whom. Each button leads to a question; nothing is done yet. Belongs to the form `form` of the table. */
export function ActBar({ form, selected, rooms, scope, onScope }: ActBarProps) {
  const { t } = useText();
  const button = (kind: ActOnPeople) => (
    <Button key={kind} form={form} name="kind" value={kind} kind={kind === 'hand-in' || kind === 'void' ? 'danger' : 'secondary'}>{t(`console.act.${kind}`)}</Button>
  );
  return (
    <div className="console-bar">
      <input type="hidden" form={form} name={FORM_FIELD} value="ask" />
      <div className="console-scope">
        <span className="figures" role="status">{t('console.selected', { count: selected })}</span>
        <label>
          <span className="visually-hidden">{t('console.scope')}</span>
          <select className="input" form={form} name="scope" value={scope} onChange={(event) => onScope(event.target.value)}>
            <option value="selected">{t('console.scope.selected')}</option>
            {rooms.map((room) => <option key={room.id} value={room.id}>{t('console.scope.room', { room: room.name })}</option>)}
            <option value="all">{t('console.scope.all')}</option>
          </select>
        </label>
      </div>
      <div className="console-buttons">{AT_HAND.map(button)}</div>
      <details className="console-more">
        <summary>{t('console.more')}</summary>
        <div className="console-buttons">{FURTHER.map(button)}</div>
      </details>
    </div>
  );
}
