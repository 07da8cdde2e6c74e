import { createContext, useContext, type ReactNode } from 'react';

const NonceContext = createContext<string | undefined>(undefined);

/** The nonce of this response, for the scripts that the Content-Security-Policy lets run. */
export const NonceProvider = ({ nonce, children }: { nonce: string; children: ReactNode }) => (
  <NonceContext.Provider value={nonce}>{children}</NonceContext.Provider>
);

/** Undefined in the browser, where browsers hide nonces from scripts anyway. */
export const useNonce = (): string | undefined => useContext(NonceContext);
