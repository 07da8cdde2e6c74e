/** The door of identity: who asks, and what they may do. */
export { actorOf, signedIn, signInPath, signInCookie, noSignInCookie, tokenOf, tokenHashOf, clientAddress, ADDRESS_HEADER } from './actor';
export { authorise, can, scopePaths, type Actor, type Subject } from './access';
export { POLICY, ROLES, type Action, type Role, type Rule } from './policy';
export { covers, isRoot, outermost } from './scope';
export { safePath } from './next';
export { IDLE as SIGN_IN_IDLE } from './sign-in.repository';
