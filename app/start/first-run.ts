import { firstAdministratorLink } from '~/identity';

/** While nobody has an account yet, tells the one-time link with which the first administrator signs in. */
export async function firstRun(url: string, tell: (line: string) => void): Promise<void> {
  const link = await firstAdministratorLink(url);
  if (link) tell(`第一位管理员（一次性链接，只显示这一次） First administrator, one-time link:\n  ${link}`);
}
