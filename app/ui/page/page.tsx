import { Link } from '@remix-run/react';
import { createContext, useContext, useId, type ReactNode } from 'react';
import { useText } from '~/text/react';

export interface PageProps {
  title: ReactNode;
  /** One or two sentences that answer the page's question. */
  lead?: ReactNode;
  /** Buttons beside the title; at most one is primary on a page. */
  actions?: ReactNode;
  /** `text` for reading and forms, `wide` for lists. */
  width?: 'text' | 'wide';
  /** The way back up, from the top down, without this page. */
  trail?: { to: string; label: ReactNode }[];
  /** `content` prints without title and lead: the content is a document of its own. */
  print?: 'page' | 'content';
  children?: ReactNode;
}

/** A sheet of paper: title over a double rule, then content. Every page is one. */
export function Page({ title, lead, actions, width = 'text', trail, print = 'page', children }: PageProps) {
  return (
    <article className={`page page--${width} page--print-${print}`}>
      {trail && <Trail steps={trail} />}
      <header className="page-head">
        <div className="page-head-line">
          <h1 className="page-title">{title}</h1>
          {actions && <div className="button-row page-actions">{actions}</div>}
        </div>
        {lead && <div className="page-lead">{lead}</div>}
      </header>
      {children}
    </article>
  );
}

function Trail({ steps }: { steps: { to: string; label: ReactNode }[] }) {
  const { t } = useText();
  return (
    <nav className="trail" aria-label={t('ui.trail')}>
      <ol>{steps.map((step) => <li key={step.to}><Link to={step.to}>{step.label}</Link></li>)}</ol>
    </nav>
  );
}

/** Whether a card stands in a section: its heading is then one level lower. */
const InSection = createContext(false);

/** A part of a page with its own heading. `id` makes it a target for links. */
export function Section({ title, id, actions, children }: { title: ReactNode; id?: string; actions?: ReactNode; children: ReactNode }) {
  const made = useId();
  const headingId = id ? `${id}-title` : made;
  return (
    <section className="section" id={id} aria-labelledby={headingId}>
      <div className="section-head">
        <h2 id={headingId}>{title}</h2>
        {actions && <div className="button-row">{actions}</div>}
      </div>
      <InSection.Provider value>{children}</InSection.Provider>
    </section>
  );
}

/** A thing among others: a course, a duty, an exam. `to` makes the title a link. */
export function Card({ title, to, meta, actions, children }: { title?: ReactNode; to?: string; meta?: ReactNode; actions?: ReactNode; children?: ReactNode }) {
  const Heading = useContext(InSection) ? 'h3' : 'h2';
  return (
    <div className="card">
      {(title || meta) && (
        <div className="card-head">
          {title && <Heading className="card-title">{to ? <Link to={to}>{title}</Link> : title}</Heading>}
          {meta && <div className="card-meta">{meta}</div>}
        </div>
      )}
      {children}
      {actions && <div className="button-row">{actions}</div>}
    </div>
  );
}

/** Cards side by side where there is room. */
export function Cards({ children }: { children: ReactNode }) {
  return <div className="cards">{children}</div>;
}

/** Nothing here yet: says why and what to do. */
export function EmptyState({ title, children, action }: { title: ReactNode; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <div className="empty-text">{children}</div>}
      {action && <div className="button-row">{action}</div>}
    </div>
  );
}

/** Something that most readers do not need; opens without JavaScript. */
export function Disclosure({ summary, open, children }: { summary: ReactNode; open?: boolean; children: ReactNode }) {
  return (
    <details className="disclosure" open={open}>
      <summary>{summary}</summary>
      <div className="disclosure-body">{children}</div>
    </details>
  );
}
