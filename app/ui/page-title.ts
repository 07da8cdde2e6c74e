import type { MetaFunction } from '@remix-run/node';
import { textFor } from '~/text';
import { isLang } from '~/text';

const fieldOf = (data: unknown, name: string): unknown =>
  typeof data === 'object' && data !== null && name in data ? Object.getOwnPropertyDescriptor(data, name)?.value : undefined;

/** `export const meta = pageTitle;` names the browser's tab after the `heading` that the loader answers with. */
export const pageTitle: MetaFunction = ({ data, matches }) => {
  const lang = fieldOf(matches[0]?.data, 'lang');
  const product = textFor(isLang(lang) ? lang : 'zh').t('ui.product');
  const heading = fieldOf(data, 'heading');
  return [{ title: typeof heading === 'string' ? `${heading} · ${product}` : product }];
};
