import { createContext, useContext, type ReactNode } from 'react';
import { textFor, type Lang, type Text } from './index';

const TextContext = createContext<Text>(textFor('zh'));

/** Gives every component below its language; put once, in the root. */
export function TextProvider({ lang, zone, children }: { lang: Lang; zone: string; children: ReactNode }) {
  return <TextContext.Provider value={textFor(lang, zone)}>{children}</TextContext.Provider>;
}

/** Wording for the reader's language. */
export const useText = (): Text => useContext(TextContext);
