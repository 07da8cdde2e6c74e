import { useRevalidator } from '@remix-run/react';
import { useEffect, useState } from 'react';

/**
 * Loads the page's data anew every `seconds` while it is looked at; null: not any more. Focus, scroll and
 * what is typed stay, unlike with a page that reloads itself. While the server cannot be reached the page
 * stays as it is.
 */
export function useRefresh(seconds: number | null): void {
  const { revalidate, state } = useRevalidator();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (seconds === null || state !== 'idle') return;
    const look = () => {
      if (document.visibilityState !== 'visible') return setTries((before) => before + 1);
      // Asked first: a failed revalidation would replace the page by an error.
      fetch('/health/live', { cache: 'no-store' }).then(
        (answer) => (answer.ok ? revalidate() : setTries((before) => before + 1)),
        () => setTries((before) => before + 1),
      );
    };
    const timer = setTimeout(look, seconds * 1000);
    return () => clearTimeout(timer);
  }, [seconds, state, revalidate, tries]);
}
