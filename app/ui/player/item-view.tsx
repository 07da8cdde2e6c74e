import type { ReactNode } from 'react';
import { useText } from '~/text/react';
import type { Answer } from './answer';
import { field, isComplete } from './form-responses';
import type { Option, PlayerItem, Response } from './types';

/** Options are shown as A, B, C in the order of this paper; towards the server each keeps its own name. */
export const letterOf = (place: number): string => String.fromCharCode(65 + place);

export interface ItemViewProps {
  item: PlayerItem;
  answer: Answer;
  /** Nothing can be written any more. */
  closed: boolean;
}

/** One item with its fields: plain form fields, named so that the form can be posted as it is. */
export function ItemView({ item, answer, closed }: ItemViewProps) {
  const { t } = useText();
  const id = `item-${item.number}`;
  return (
    <fieldset className="player-item" id={id} data-item={item.item} disabled={closed} tabIndex={-1} aria-describedby={`${id}-save`}>
      <legend className="player-item-head">
        <span className="player-item-number">{t('player.number', { number: item.number })}</span>{' '}
        <span>{t(`player.type.${item.type}`)} · {t('player.points', { points: item.points })}</span>
      </legend>
      <input type="hidden" name="item" value={item.item} />
      <input type="hidden" name={field.seq(item.item)} value={answer.seq} />
      <p className="player-stem" id={`${id}-stem`} lang="zh-CN">{item.stem}</p>
      <Hint item={item} />
      <div key={answer.revision}><Fields item={item} response={answer.response} labelledBy={`${id}-stem`} /></div>
      <div className="player-item-foot">
        <SaveLine id={`${id}-save`} item={item} answer={answer} />
        <label className="player-flag">
          <input type="checkbox" name={field.flag(item.item)} value="on" defaultChecked={answer.flagged} />
          <span>{t('player.flag')}</span>
        </label>
        {answer.response !== null && (
          <button type="submit" className="button button--quiet" name="clear" value={item.item} aria-describedby={`${id}-stem`}>{t('player.clear')}</button>
        )}
      </div>
    </fieldset>
  );
}

function Hint({ item }: { item: PlayerItem }) {
  const { t } = useText();
  if (item.type !== 'multiple' && item.type !== 'order' && item.type !== 'match') return null;
  return <p className="player-hint">{t(`player.hint.${item.type}`)}</p>;
}

/** Where the answer is, in words; and what keeps it from being complete. */
function SaveLine({ id, item, answer }: { id: string; item: PlayerItem; answer: Answer }) {
  const { t } = useText();
  const twice = item.type === 'order' ? lettersTwice(item.options, answer.response) : '';
  const begun = answer.response !== null;
  const failed = answer.save === 'kept' || answer.save === 'unsaved' || answer.save === 'refused' || answer.save === 'evidence';
  return (
    <p className={failed ? 'player-save player-save--failed' : 'player-save'} id={id}>
      <span data-save={answer.save}>{!begun && answer.save === 'saved' ? t('player.cleared') : t(`player.save.${answer.save}`)}</span>
      {twice && <span className="player-warning"> {t('player.order-twice', { letters: twice })}</span>}
      {begun && !twice && !isComplete(item, answer.response) && <span className="player-warning"> {t('player.unfinished')}</span>}
    </p>
  );
}

function lettersTwice(options: Option[], response: Response): string {
  if (!Array.isArray(response)) return '';
  const chosen = response.filter((value) => value !== '');
  return options.map((option, place) => ({ value: option.value, letter: letterOf(place) }))
    .filter(({ value }) => chosen.filter((one) => one === value).length > 1)
    .map(({ letter }) => letter).join(', ');
}

interface FieldsProps<T extends PlayerItem = PlayerItem> {
  item: T;
  response: Response;
  labelledBy: string;
}

export function Fields({ item, response, labelledBy }: FieldsProps) {
  const { t } = useText();
  switch (item.type) {
    case 'single': return <Choices item={item.item} type="radio" options={item.options} chosen={[response]} />;
    case 'multiple': return <Choices item={item.item} type="checkbox" options={item.options} chosen={Array.isArray(response) ? response : []} />;
    case 'true-false': {
      const options = [{ value: 'true', text: t('player.true') }, { value: 'false', text: t('player.false') }];
      return <Choices item={item.item} type="radio" options={options} chosen={[typeof response === 'boolean' ? String(response) : null]} plain />;
    }
    case 'order': return <OrderFields item={item} response={response} labelledBy={labelledBy} />;
    case 'match': return <MatchFields item={item} response={response} labelledBy={labelledBy} />;
    case 'short': return <ShortField item={item} response={response} labelledBy={labelledBy} />;
  }
}

function Choices({ item, type, options, chosen, plain }: { item: string; type: 'radio' | 'checkbox'; options: Option[]; chosen: unknown[]; plain?: boolean }) {
  return (
    <div className="player-options">
      {options.map((option, place) => (
        <label key={option.value} className="option">
          <input className="option-control" type={type} name={field.response(item)} value={option.value} defaultChecked={chosen.includes(option.value)} />
          <span className="option-text" lang={plain ? undefined : 'zh-CN'}>
            {!plain && <span className="option-letter">{letterOf(place)}.</span>}{option.text}
          </span>
        </label>
      ))}
    </div>
  );
}

function OptionList({ options }: { options: Option[] }) {
  return (
    <ul className="player-list" lang="zh-CN">
      {options.map((option, place) => <li key={option.value}><span className="option-letter">{letterOf(place)}.</span>{option.text}</li>)}
    </ul>
  );
}

type OrderItem = Extract<PlayerItem, { type: 'single' | 'multiple' | 'order' }>;

function OrderFields({ item, response, labelledBy }: FieldsProps<OrderItem>) {
  const { t } = useText();
  const places = Array.isArray(response) ? response : [];
  return (
    <>
      <OptionList options={item.options} />
      <div className="player-places" role="group" aria-labelledby={labelledBy}>
        {item.options.map((_, place) => (
          <label key={place} className="player-place">
            <span>{t('player.place', { place: place + 1 })}</span>
            <Select name={field.part(item.item, place + 1)} value={places[place] ?? ''}>
              {item.options.map((option, at) => <option key={option.value} value={option.value}>{letterOf(at)}</option>)}
            </Select>
          </label>
        ))}
      </div>
    </>
  );
}

type MatchItem = Extract<PlayerItem, { type: 'match' }>;

function MatchFields({ item, response, labelledBy }: FieldsProps<MatchItem>) {
  const made: Record<string, string> = typeof response === 'object' && response !== null && !Array.isArray(response) ? response : {};
  return (
    <>
      <OptionList options={item.options} />
      <div className="player-pairs" role="group" aria-labelledby={labelledBy}>
        {item.lefts.map((left) => (
          <label key={left.value} className="player-pair">
            <span lang="zh-CN">{left.text}</span>
            <Select name={field.part(item.item, left.value)} value={made[left.value] ?? ''}>
              {item.options.map((option, place) => <option key={option.value} value={option.value}>{letterOf(place)}. {option.text}</option>)}
            </Select>
          </label>
        ))}
      </div>
    </>
  );
}

function Select({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  const { t } = useText();
  return (
    <select className="input" name={name} defaultValue={value}>
      <option value="">{t('player.choose')}</option>
      {children}
    </select>
  );
}

function ShortField({ item, response, labelledBy }: FieldsProps) {
  const { t } = useText();
  const id = `item-${item.number}-text`;
  return (
    <div className="player-short">
      <label className="field-label" htmlFor={id}>{t('player.short-label')}</label>
      <input className="input input--full" id={id} type="text" name={field.response(item.item)} maxLength={500} autoComplete="off" autoCapitalize="off" spellCheck={false} defaultValue={typeof response === 'string' ? response : ''} aria-describedby={labelledBy} />
    </div>
  );
}
