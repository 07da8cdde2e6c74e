/**
 * The whole script of the page in line: asks until it is time, then presses the button. A file of its own, without
 * React: the page is drawn thousands of times when the server is at its limit.
 */

/** Questions in a row that were not answered; then the button is pressed, whose answer says what is wrong. */
const MOST_FAILURES = 5;

/** Between two questions, also when one was not answered; a hall full of browsers is spread. */
const pause = (): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, 1000 + Math.random() * 2000));

/** @returns null when the question was not answered */
async function ask(address: string): Promise<{ called: boolean; place?: number } | null> {
  try {
    const answer = await fetch(address, { headers: { Accept: 'application/json' }, cache: 'no-store' });
    return answer.ok ? (await answer.json()) as { called: boolean; place?: number } : null;
  } catch {
    return null;
  }
}

async function wait(form: HTMLFormElement, place: HTMLElement | null): Promise<void> {
  for (let failures = 0; failures < MOST_FAILURES;) {
    const call = await ask(form.dataset['line'] ?? '');
    if (call?.called) break;
    failures = call ? 0 : failures + 1;
    if (call?.place && place) place.textContent = String(call.place);
    await pause();
  }
  form.submit();
}

const form = document.querySelector<HTMLFormElement>('form[data-line]');
if (form) void wait(form, document.getElementById('place'));

export {};
