import type { ComponentType } from 'react';
import type { FormReply } from './form/form-reply';

/** The wording of an example in the gallery's language. */
export type Say = (zh: string, en: string) => string;

/** A page of the gallery: what a component looks like with believable content. */
export interface Example {
  name: string;
  View: ComponentType<{ say: Say }>;
  /** Without header and footer, as in an exam. */
  quiet?: boolean;
  /** Signed out, as a visitor sees it. */
  visitor?: boolean;
  /** What the address holds: `?name=…`. */
  query?: string;
  /** What the page's action answered. */
  answer?: FormReply;
}
