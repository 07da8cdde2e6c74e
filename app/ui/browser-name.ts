/** Names that tell a person which of their browsers it was; the first that fits counts. */
const BROWSERS: readonly [RegExp, string][] = [
  [/MicroMessenger/, '微信 WeChat'],
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bQQBrowser\//, 'QQ 浏览器'],
  [/\b(?:360SE|QIHU|360EE)\b/, '360 浏览器'],
  [/\bFirefox\/(\d+)/, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)[^ ]* (?:Mobile\/\w+ )?Safari\//, 'Safari'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/UOS|Deepin|Kylin|openKylin/i, 'Kylin／UOS'], [/Linux/, 'Linux'],
];

/** `Firefox 78 · Windows` for a User-Agent header, or null when it tells nothing. */
export function browserName(agent: string): string | null {
  const browser = BROWSERS.flatMap(([pattern, name]) => {
    const found = pattern.exec(agent);
    return found ? [found[1] ? `${name} ${found[1]}` : name] : [];
  })[0];
  const system = SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1];
  return browser ? [browser, system].filter(Boolean).join(' · ') : null;
}
