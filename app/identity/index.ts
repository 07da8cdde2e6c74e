/** The door of identity: who asks, what they may do, and how they come to be signed in. */
export { actorOf, actorOfAccount, signedIn, signInPath, signInCookie, noSignInCookie, tokenOf, tokenHashOf, clientAddress } from './actor.http';
export { IDLE as SIGN_IN_IDLE } from './sign-in.repository';
export { authorise, can, reachOf, scopePaths, type Actor, type Reach } from './access';
export { BOUNDLESS_ROLES, POLICY, ROLES, type Action, type HeldRole, type Role } from './policy';
export { covers, isRoot, outermost } from './scope';
export { ownPath, safePath } from './next';
export { foldName, foldWidth, isSignInName } from './name';
export { SHORTEST_PASSWORD } from './password';
export { NewPassword, newPasswordRules } from './password-form';
export { signIn, startSignIn, signOut, signOutElsewhere, changePassword, confirmPassword, ownSignIns, forgetSignIns } from './sign-in.service';
export { newActivationCode, newActivationCodes, checkCode, activate, CODE_LASTS } from './activation.service';
export {
  openAccount, openAccounts, findAccount, accountNamed, accountOfPerson, accountRoles, takenSignInNames, presentCode, presetPassword, hashPassword,
  grantRole, endRole, endRolesOver, closeAccount, reopenAccount, firstAdministratorLink, type Account,
} from './account.service';
export type { AccountState } from './account.repository';
export { addSignInName, moveSignInNames, rebindAccount, renameAccount, returnSignInNames } from './names.service';
export { APPLICATION_SCOPES, type Application, type ApplicationScope } from './applications/application.repository';
export {
  APPLICATION_LIMITS, applicationsOf, createApplication, openApplication, recogniseApplication, renewApplication, revokeApplication, type ActingApplication, type Recognised,
} from './applications/application.service';
