import { createHash } from 'node:crypto';
import { sha256 } from './config-key';
import type { SebDict } from './plist';

export interface SebSitting {
  id: string;
  /** Makes this sitting's settings, and thereby its keys, its own. */
  sebSalt: string;
}

/** `getFromHost`: links that want a window of their own open in the exam's window. */
const OPEN_IN_SAME_WINDOW = 1;
const BLOCKED = 0;
/** `browserWindowWebView`: the modern web view on macOS and iOS, where the keys are asked for with JavaScript. */
const PREFER_MODERN = 3;
const ALLOW = 1;

/**
 * The settings of Safe Exam Browser for one sitting. Names and meanings of the keys: SEB-Specification-ConfigKeys.pdf,
 * the user manuals for Windows and macOS, and seb-config-key.html on safeexambrowser.org. What is not named here has
 * the browser's own default, "always the safest, most restrictive option".
 *
 * After a lost network the candidate gets back in: reloading is allowed and has a button, and another button leads to
 * the start of the exam, without a password. An error page has no other way out (SafeExamBrowser/seb-mac #498,
 * seb-win-refactoring #1179). Wi-Fi can be chosen again, and quitting or crashing keeps the answers stored on the
 * device (`removeBrowserProfile`, `removeLocalStorage`).
 * @param base address of this server, without a slash at its end
 */
export const sebSettings = ({ id, sebSalt }: SebSitting, base: string, quitPassword: string): SebDict => ({
  sebConfigPurpose: 0,
  sebMode: 0,
  // Leads to the exam, or straight back to the attempt that runs.
  startURL: `${base}/sittings/${id}/seb-start`,
  sendBrowserExamKey: true,
  browserWindowWebView: PREFER_MODERN,
  examKeySalt: createHash('sha256').update(sebSalt).digest(),

  // Back in after a lost network.
  browserWindowAllowReload: true,
  showReloadButton: true,
  showReloadWarning: false,
  restartExamUseStartURL: true,
  restartExamPasswordProtected: false,
  restartExamText: '回到考试 Back to the exam',
  allowWlan: true,
  removeBrowserProfile: false,
  removeLocalStorage: false,

  // Out only with the invigilator's password, or by the link that the receipt shows.
  allowQuit: true,
  hashedQuitPassword: sha256(quitPassword),
  quitURL: `${base}/sittings/${id}/seb-end`,
  quitURLConfirm: true,
  examSessionClearCookiesOnStart: true,
  examSessionClearCookiesOnEnd: true,
  examSessionReconfigureAllow: false,

  // Only this server. Scripts and pictures are not filtered: the content filter forces the old web view on macOS.
  URLFilterEnable: true,
  URLFilterEnableContentFilter: false,
  URLFilterRules: [{ action: ALLOW, active: true, expression: `${hostOf(base)}/*`, regex: false }],
  newBrowserWindowByLinkPolicy: OPEN_IN_SAME_WINDOW,
  newBrowserWindowByScriptPolicy: BLOCKED,
  allowBrowsingBackForward: false,

  // The answer file, for when the network is down at the hand-in.
  allowDownUploads: true,
  allowDownloads: true,
  allowUploads: false,
  openDownloads: false,
  downloadAndOpenSebConfig: true,

  // Chinese is typed with an input method, which must be seen and switched.
  showInputLanguage: true,
  showTaskBar: true,
  showTime: true,
  enableZoomPage: true,
  enableZoomText: true,
  allowSpellCheck: false,
  allowDictation: false,
  allowPreferencesWindow: false,
  allowSwitchToApplications: false,
  allowScreenSharing: false,
  allowVirtualMachine: false,
  enablePrintScreen: false,
  enablePrivateClipboard: true,
});

const hostOf = (base: string): string => new URL(base).host;
