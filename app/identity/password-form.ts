import { z } from 'zod';
import { passwordProblems } from './password';

/** A new password, typed twice; `currentPassword` and the like may stand beside it. */
export const NewPassword = z.object({ password: z.string(), passwordAgain: z.string() });

/**
 * For `superRefine` of a form that holds `NewPassword`: all that the password lacks at once, beside its
 * field. The messages are error codes.
 */
export const newPasswordRules = <F extends z.infer<typeof NewPassword>>(signInNameOf: (form: F) => string) =>
  (form: F, context: z.RefinementCtx<F>): void => {
    for (const problem of passwordProblems(form.password, signInNameOf(form))) {
      context.addIssue({ code: 'custom', path: ['password'], message: problem.code, params: problem.params });
    }
    if (form.password !== form.passwordAgain) {
      context.addIssue({ code: 'custom', path: ['passwordAgain'], message: 'password.differs' });
    }
  };
