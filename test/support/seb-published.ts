/**
 * Settings as Safe Exam Browser 2.1.4 for macOS wrote them, and the Config Key that it showed for them. The pair is
 * published with Moodle's tests (mod/quiz/accessrule/seb/tests/config_key_test.php: unencrypted_mac_001.seb); here are
 * its values only.
 */
import type { SebDict, SebValue } from '~/exams/seb/plist';

const each = (value: SebValue, names: string): SebDict => Object.fromEntries(names.trim().split(/\s+/).map((name) => [name, value]));

const proxies = {
  ...each(true, `
    FTPPassive`),
  ...each(false, `
    AutoConfigurationEnabled AutoDiscoveryEnabled ExcludeSimpleHostnames FTPEnable FTPRequiresPassword HTTPEnable HTTPRequiresPassword
    HTTPSEnable HTTPSRequiresPassword RTSPEnable RTSPRequiresPassword SOCKSEnable SOCKSRequiresPassword`),
  ...each('', `
    AutoConfigurationJavaScript AutoConfigurationURL FTPPassword FTPProxy FTPUsername HTTPPassword HTTPProxy HTTPSPassword HTTPSProxy
    HTTPSUsername HTTPUsername RTSPPassword RTSPProxy RTSPUsername SOCKSPassword SOCKSProxy SOCKSUsername`),
  ...each([], `
    ExceptionsList`),
  FTPPort: 21, HTTPPort: 80, HTTPSPort: 443, RTSPPort: 554, SOCKSPort: 1080,
};

const settings = {
  ...each(true, `
    allowPreferencesWindow allowQuit allowUserSwitching allowedDisplayBuiltin browserURLSalt browserWindowAllowReload createNewDesktop
    detectStoppedProcess downloadAndOpenSebConfig enableAltTab enableAppSwitcherCheck enableEsc enableF1 enableF10 enableF11 enableF12
    enableF2 enableF3 enableF4 enableF5 enableF6 enableF7 enableF8 enableF9 enableJavaScript enableLogging enablePlugIns
    enablePrivateClipboard enableRightMouse enableSebBrowser enableZoomPage enableZoomText examSessionClearSessionCookies
    forceAppFolderInstall hookKeys ignoreExitKeys mobileAllowInlineMediaPlayback mobileEnableASAM mobilePreventAutoLock
    mobileSupportedFormFactorsCompact mobileSupportedFormFactorsNonTelephonyCompact mobileSupportedFormFactorsRegular
    mobileSupportedScreenOrientationsCompactLandscapeLeft mobileSupportedScreenOrientationsCompactLandscapeRight
    mobileSupportedScreenOrientationsCompactPortrait mobileSupportedScreenOrientationsRegularLandscapeLeft
    mobileSupportedScreenOrientationsRegularLandscapeRight mobileSupportedScreenOrientationsRegularPortrait
    mobileSupportedScreenOrientationsRegularPortraitUpsideDown monitorProcesses newBrowserWindowAllowReload newBrowserWindowNavigation
    quitURLConfirm restartExamPasswordProtected sendBrowserExamKey showBackToStartButton showMenuBar showQuitButton showReloadButton
    showTaskBar showTime urlFilterRegex`),
  ...each(false, `
    URLFilterEnable URLFilterEnableContentFilter allowBrowsingBackForward allowDictation allowDictionaryLookup allowDisplayMirroring
    allowDownUploads allowFlashFullscreen allowPDFPlugIn allowScreenSharing allowSiri allowSpellCheck allowSwitchToApplications
    allowUserAppFolderInstall allowVideoCapture allowVirtualMachine allowWlan blockPopUpWindows browserMediaAutoplay browserScreenKeyboard
    configFileCreateIdentity configFileEncryptUsingIdentity downloadPDFFiles enableAltEsc enableAltF4 enableAltMouseWheel
    enableBrowserWindowToolbar enableCtrlEsc enableDrawingEditor enableJava enablePrintScreen enableStartMenu enableTouchExit
    examSessionReconfigureAllow hideBrowserWindowToolbar ignoreQuitPassword insideSebEnableChangeAPassword insideSebEnableEaseOfAccess
    insideSebEnableLockThisComputer insideSebEnableLogOff insideSebEnableNetworkConnectionSelector insideSebEnableShutDown
    insideSebEnableStartTaskManager insideSebEnableSwitchUser insideSebEnableVmWareClientShade killExplorerShell
    logSendingRequiresAdminPassword mobileAllowPictureInPictureMediaPlayback mobileAllowQRCodeConfig mobileAllowSingleAppMode
    mobileCompactAllowInlineMediaPlayback mobileEnableGuidedAccessLinkTransform mobileShowSettings
    mobileSupportedScreenOrientationsCompactPortraitUpsideDown newBrowserWindowByLinkBlockForeign newBrowserWindowByScriptBlockForeign
    newBrowserWindowShowReloadWarning openDownloads pinEmbeddedCertificates quitURLRestart removeBrowserProfile removeLocalStorage
    restartExamUseStartURL sebServerFallback showInputLanguage showNavigationButtons showReloadWarning showScanQRCodeButton
    startURLAllowDeepLink startURLAppendQueryParameter touchOptimized urlFilterTrustedContent`),
  ...each('', `
    blacklistURLFilter browserUserAgent browserUserAgentMacCustom browserUserAgentWinDesktopModeCustom browserUserAgentWinTouchModeCustom
    browserUserAgentiOSCustom examSessionReconfigureConfigURL hashedAdminPassword hashedQuitPassword logDirectoryOSX logDirectoryWin quitURL
    restartExamText restartExamURL sebServerURL whitelistURLFilter`),
  ...each([], `
    URLFilterIgnoreList URLFilterRules additionalResources embeddedCertificates permittedProcesses prohibitedProcesses`),
  URLFilterMessage: 0, allowedDisplaysMaxNumber: 1, allowiOSBetaVersionNumber: 0, allowiOSVersionNumberMajor: 9, allowiOSVersionNumberMinor: 3, allowiOSVersionNumberPatch: 5, browserMessagingPingTime: 120000, browserMessagingSocket: 'ws:\\localhost:8706', browserUserAgentMac: 0,
  browserUserAgentWinDesktopMode: 0, browserUserAgentWinTouchMode: 0, browserUserAgentWinTouchModeIPad: 'Mozilla/5.0 (iPad; CPU OS 11_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/11.0 Mobile/15E148 Safari/604.1', browserUserAgentiOS: 0, browserViewMode: 0, browserWindowShowURL: 0, chooseFileToUploadPolicy: 0, configKeySalt: Buffer.from('', 'base64'), downloadDirectoryOSX: '/Users/andrewmadden/Downloads', downloadDirectoryWin: 'Downloads', examKeySalt: Buffer.from('4iLONVAc1yKWLxbe6Vbf2vWYQO6zIRAobKgc3f25LH8=', 'base64'), exitKey1: 2, exitKey2: 10, exitKey3: 5, logLevel: 4,
  mainBrowserWindowHeight: '100%', mainBrowserWindowPositioning: 1, mainBrowserWindowWidth: '100%', minMacOSVersion: 4,
  mobileStatusBarAppearance: 1, mobileStatusBarAppearanceExtended: 1, newBrowserWindowByLinkHeight: '100%', newBrowserWindowByLinkPolicy: 1,
  newBrowserWindowByLinkPositioning: 2, newBrowserWindowByLinkWidth: '1000', newBrowserWindowByScriptPolicy: 2, newBrowserWindowShowURL: 2,
  oskBehavior: 2, proxySettingsPolicy: 0, sebConfigPurpose: 0, sebMode: 0, sebServicePolicy: 2, startURL: 'https://www.google.com',
  taskBarHeight: 40, zoomMode: 0,
};

export const PUBLISHED_SETTINGS: SebDict = {
  ...settings,
  originatorVersion: 'SEB_OSX_2.1.4_2B66',
  proxies: Object.fromEntries(Object.entries(proxies).map(([name, value]): [string, SebValue] => [`org_safeexambrowser_SEB_${name}`, value])),
};
export const PUBLISHED_KEY = '4fa9af8ec8759eb7c680752ef4ee5eaf1a860628608fccae2715d519849f9292';
