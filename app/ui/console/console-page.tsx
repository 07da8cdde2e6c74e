import { Form, Link } from '@remix-run/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ConsoleState, Need } from '~/exams';
import { useText } from '~/text/react';
import { Page } from '../page/page';
import { ActBar } from './act-bar';
import { ActPanel, type ActQuestion } from './act-panel';
import { AttentionList } from './attention-list';
import { CandidateTable } from './candidate-table';
import { Codes } from './codes';
import { ConsoleFilter } from './console-filter';
import { useConsole, type LiveConsole } from './use-console';
import { shownRows, totals, type Filter } from './view';

export interface ConsolePageProps {
  sitting: { id: string; title: string; exam: string; code: string; state: 'planned' | 'closed' | 'cancelled'; startsAt: number; endsAt: number };
  rooms: { id: string; name: string }[];
  needs: Need[];
  loaded: ConsoleState;
  /** As the address has it. */
  filter: Filter;
  /** What the server asks before an act, if one was chosen. */
  question: ActQuestion | null;
  /** What was just done; it stands where it was asked. */
  banner: React.ReactNode;
  /** What stands below it. */
  children: React.ReactNode;
  /** Without JavaScript the page may load itself anew. */
  auto: boolean;
}

/** The invigilation console: who needs somebody now, then everybody; what is done stands at the bottom of the screen. */
export function ConsolePage({ sitting, rooms, needs, loaded, filter: asked, question, banner, children, auto }: ConsolePageProps) {
  const { t, dateTime } = useText();
  const live = useConsole(sitting.id, loaded);
  const { state, now } = live;
  const [filter, setFilter] = useState(asked);
  const [alive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);
  const chosen = useChosen(question);
  const names = useMemo(() => new Map(rooms.map(({ id, name }) => [id, name])), [rooms]);
  const shown = useMemo(() => shownRows(state.rows, filter), [state.rows, filter]);
  const path = `/invigilate/sittings/${sitting.id}`;
  const to = useCallback((id: string) => `${path}/candidates/${id}`, [path]);
  const { selected, select, panel, dismiss, scope, setScope } = chosen;
  const hidden = [...selected].filter((id) => !shown.some((row) => row.id === id));
  return (
    <div className="console">
      <Page
        title={sitting.title} width="wide" trail={[{ to: '/invigilate', label: t('invigilate.title') }]}
        lead={<>{sitting.exam} · {t('console.when', { from: dateTime(sitting.startsAt), to: dateTime(sitting.endsAt) })} · {t(`console.state.${sitting.state}`)}</>}
      >
        <div className="console-head">
          <Figures rows={state.rows} />
          <LinkState live={live} auto={auto} path={path} />
        </div>
        <div className="console-top">
          <AttentionList rows={state.rows} order={needs} now={now} rooms={names} selected={selected} onSelect={select.one} />
          <Codes codes={state.codes} rooms={names} now={now} />
        </div>
        <ConsoleFilter filter={filter} onFilter={setFilter} rooms={rooms} shown={shown.length} total={state.rows.length} alive={alive} />
        <Form method="post" preventScrollReset className="console-form" id="console-act">
          {hidden.map((id) => <input key={id} type="hidden" name="who" value={id} />)}
          {state.rows.length === 0
            ? <p className="empty empty-title">{t('console.none')}</p>
            : <CandidateTable rows={shown} now={now} rooms={names} selected={selected} onSelect={select.one} onSelectAll={(on) => select.many(shown.map(({ id }) => id), on)} to={to} />}
        </Form>
        {children}
        {/* The last of the page, so that it stays at the bottom of the screen all the way. */}
        <div className="console-foot">
          {!panel && banner}
          {panel
            ? <ActPanel key={panel.key} question={panel} cancelTo={path} onCancel={dismiss} />
            : <ActBar form="console-act" selected={selected.size} rooms={rooms} scope={scope} onScope={setScope} />}
        </div>
      </Page>
    </div>
  );
}

/** Who is ticked, and the question that waits for an answer. */
function useChosen(question: ActQuestion | null) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [scope, setScope] = useState('selected');
  const [panel, setPanel] = useState(question);
  const known = useRef(question);
  if (known.current !== question) {
    known.current = question;
    setPanel(question);
    // Done or given up: whom it was meant for is not ticked any more.
    if (question === null) {
      setSelected(new Set());
      setScope('selected');
    }
  }
  const many = useCallback((ids: readonly string[], on: boolean) => setSelected((before) => {
    const next = new Set(before);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    return next;
  }), []);
  const one = useCallback((id: string, on: boolean) => many([id], on), [many]);
  return { selected, select: { one, many }, panel, dismiss: () => setPanel(null), scope, setScope };
}

function Figures({ rows }: { rows: ConsoleState['rows'] }) {
  const { t } = useText();
  const found = totals(rows);
  return (
    <dl className="console-figures figures">
      {(['expected', 'admitted', 'writing', 'done', 'absent'] as const).map((key) => (
        <div key={key}><dt>{t(`console.count.${key}`)}</dt><dd>{found[key]}</dd></div>
      ))}
    </dl>
  );
}

/** Whether what is shown is how it is now. */
function LinkState({ live: { link, silentMs, now }, auto, path }: { live: LiveConsole; auto: boolean; path: string }) {
  const { t, dateTime } = useText();
  if (link === 'signed-out') return <p className="console-link console-link--bad" role="alert">{t('console.link.signed-out')}</p>;
  const stale = silentMs > 15_000;
  return (
    <p className={stale ? 'console-link console-link--bad' : 'console-link'} role="status">
      {stale ? t('console.stale', { seconds: Math.floor(silentMs / 5000) * 5 }) : link === 'none' ? t('console.updated', { time: dateTime(now) }) : t(`console.link.${link}`)}
      {link === 'none' && (
        <noscript>
          {' '}<Link to={path}>{t('console.refresh')}</Link> <Link to={auto ? path : `${path}?auto=15`}>{t(auto ? 'console.auto-stop' : 'console.auto')}</Link>
        </noscript>
      )}
    </p>
  );
}
