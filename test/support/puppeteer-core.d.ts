/** The part of puppeteer-core 5.4 that is used: it came without types. */
declare module 'puppeteer-core' {
  interface ConsoleMessage {
    type(): string;
    text(): string;
    location(): { url?: string };
  }

  interface Page {
    goto(url: string, options?: { waitUntil?: 'load' | 'networkidle0' }): Promise<unknown>;
    url(): string;
    click(selector: string): Promise<void>;
    type(selector: string, text: string): Promise<void>;
    select(selector: string, ...values: string[]): Promise<string[]>;
    waitForFunction(script: string, options?: { timeout?: number }): Promise<unknown>;
    /** A script as text: what reaches the old browser is what stands there. */
    evaluate(script: string): Promise<unknown>;
    setViewport(viewport: { width: number; height: number }): Promise<void>;
    setExtraHTTPHeaders(headers: Record<string, string>): Promise<void>;
    screenshot(options: { path: string; fullPage?: boolean }): Promise<unknown>;
    on(event: 'console', hear: (message: ConsoleMessage) => void): void;
    on(event: 'pageerror', hear: (error: Error) => void): void;
  }

  interface BrowserContext {
    newPage(): Promise<Page>;
    close(): Promise<void>;
  }

  interface Browser {
    version(): Promise<string>;
    createIncognitoBrowserContext(): Promise<BrowserContext>;
    close(): Promise<void>;
  }

  const puppeteer: {
    launch(options: { executablePath: string; args: string[]; env: Record<string, string>; headless: boolean }): Promise<Browser>;
  };
  export default puppeteer;
  export type { Browser, BrowserContext, Page };
}
