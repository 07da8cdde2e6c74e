/** Full-width letters and digits, as Chinese keyboards produce them, become plain ones; spaces go. */
export const foldWidth = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '');

/** A name as it is compared: width and case folded, so that ＡＢ-１ and ab-1 are one name. */
export const foldName = (name: string): string => foldWidth(name).toLowerCase();

/** Whether a sign-in name may be chosen: letters (Chinese too), digits, and `. _ - @` between them; 2 to 60 characters. */
export const isSignInName = (name: string): boolean =>
  /^[\p{L}\p{N}](?:[\p{L}\p{N}._@/-]{0,58}[\p{L}\p{N}])$/u.test(foldWidth(name));
