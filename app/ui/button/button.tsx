import { Form, Link } from '@remix-run/react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'quiet';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'style' | 'className'> {
  kind?: ButtonKind;
}

/** One `primary` a page; `danger` for what cannot be taken back easily; `quiet` looks like a link. Submits its form. */
export function Button({ kind = 'secondary', type = 'submit', ...rest }: ButtonProps) {
  return <button type={type} className={`button button--${kind}`} {...rest} />;
}

export interface ButtonLinkProps {
  to: string;
  kind?: ButtonKind;
  children: ReactNode;
  /** A file or another service: the browser goes there itself. */
  document?: boolean;
}

/** A link that is the page's next step. */
export function ButtonLink({ to, kind = 'secondary', children, document }: ButtonLinkProps) {
  return <Link to={to} className={`button button--${kind}`} reloadDocument={document}>{children}</Link>;
}

export interface PostButtonProps {
  /** Where to; this page's own action if absent. */
  to?: string;
  fields?: Record<string, string>;
  kind?: ButtonKind;
  children: ReactNode;
  /** Read out instead of the visible words, where several buttons say the same. */
  label?: string;
  /** For answers that are not pages of this app, or that change language or account. */
  document?: boolean;
}

/** A small form that is only a button: retry, mark as read, sign out. */
export function PostButton({ to, fields = {}, kind = 'secondary', children, label, document }: PostButtonProps) {
  return (
    <Form method="post" action={to} className="post-button" reloadDocument={document}>
      {Object.entries(fields).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
      <Button kind={kind} aria-label={label}>{children}</Button>
    </Form>
  );
}

/** Buttons side by side, the main one first; one below the other on a phone. */
export function ButtonRow({ children }: { children: ReactNode }) {
  return <div className="button-row">{children}</div>;
}
