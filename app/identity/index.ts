/** The door of identity: who asks, what they may do, and how they come to be signed in. */
export { actorOf, signedIn, signInPath, signInCookie, noSignInCookie, tokenOf, tokenHashOf, clientAddress, ADDRESS_HEADER } from './actor.http';
export { IDLE as SIGN_IN_IDLE } from './sign-in.repository';
export { authorise, can, scopePaths, type Actor, type Subject } from './access';
export { POLICY, ROLES, type Action, type Role, type Rule } from './policy';
export { covers, isRoot, outermost } from './scope';
export { ownPath, safePath } from './next';
export { foldName, foldWidth, isSignInName } from './name';
export { SHORTEST_PASSWORD } from './password';
export { NewPassword, newPasswordRules } from './password-form';
export { signIn, startSignIn, signOut, signOutElsewhere, changePassword, ownSignIns, forgetSignIns, type OwnSignIn, type Origin } from './sign-in.service';
export { newActivationCode, newActivationCodes, checkCode, activate, CODE_LASTS, type CheckedCode, type CodeFor } from './activation.service';
export {
  openAccount, openAccounts, addSignInName, findAccount, accountOfPerson, accountRoles, presentCode, presetPassword, hashPassword,
  grantRole, endRole, closeAccount, reopenAccount, firstAdministratorLink, type Account, type NewAccount,
} from './account.service';
export type { AccountState, RoleRow } from './account.repository';
export type { Purpose } from './code.repository';
