import { useEffect, useState, type ReactNode } from 'react';
import { Button } from './button/button';

/** Prints the page. Only shown where it works; without JavaScript the browser's own menu prints. */
export function PrintButton({ children }: { children: ReactNode }) {
  const [works, setWorks] = useState(false);
  useEffect(() => setWorks(true), []);
  return works ? <Button type="button" onClick={() => window.print()}>{children}</Button> : null;
}
