/** What Safe Exam Browser gives a page from version 3 on (safeexambrowser.org/developer/seb-config-key.html). */
interface SafeExamBrowser {
  security?: { updateKeys?: (done: () => void) => void; configKey?: string; browserExamKey?: string };
}

interface Keys {
  /** The address of the page for which the browser hashed its keys. */
  url: string;
  config: string;
  exam: string;
}

let keys: Keys | null = null;

/** Headers that prove the browser; none outside of it. On Windows it adds its own besides, which count first. */
export const sebHeaders = (): Record<string, string> =>
  (keys ? { 'X-Shanggang-Seb-Url': keys.url, 'X-Shanggang-Seb-Config-Hash': keys.config, 'X-Shanggang-Seb-Exam-Hash': keys.exam } : {});

const browser = (): SafeExamBrowser | undefined => (window as { SafeExamBrowser?: SafeExamBrowser }).SafeExamBrowser;

/**
 * Asks the browser for its keys, once a page. Pages, event streams and what is sent while a page closes carry no
 * headers of ours: for these the answer is also put into a cookie that lasts as long as the browser.
 * @returns once that is done; at once outside of Safe Exam Browser
 */
export function askSeb(): Promise<void> {
  const security = browser()?.security;
  if (!security) return Promise.resolve();
  if (typeof security.updateKeys !== 'function') {
    take(documentUrl(), security.configKey, security.browserExamKey);
    return Promise.resolve();
  }
  const url = withoutFragment(window.location.href);
  return new Promise((resolve) => {
    security.updateKeys?.(() => {
      take(url, security.configKey, security.browserExamKey);
      resolve();
    });
  });
}

function take(url: string, config = '', exam = ''): void {
  if (!/^[0-9a-f]{64}$/i.test(config)) return;
  keys = { url, config: config.toLowerCase(), exam: exam.toLowerCase() };
  document.cookie = `seb-proof=${keys.config}.${keys.exam}.${encodeURIComponent(url)}; path=/; samesite=lax`;
}

/** Where the document came from: turning pages within it changes the address bar, not the browser's keys. */
function documentUrl(): string {
  const [entry] = performance.getEntriesByType('navigation');
  return withoutFragment(entry?.name ?? window.location.href);
}

const withoutFragment = (url: string): string => url.split('#')[0] ?? url;
