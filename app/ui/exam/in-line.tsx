import { Form } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { Button, ButtonRow } from '../button/button';

interface InLineProps {
  examSlug: string;
  place: number;
  /** After so long a browser without script presses again. */
  seconds: number;
  code: string | null;
}

/** Between two questions, also when one was not answered; a hall full of browsers is spread. */
const pause = (): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, 1000 + Math.random() * 2000));
/** Questions in a row that were not answered; then the button is pressed, whose answer says what is wrong. */
const MOST_FAILURES = 5;

/** The place in line while the server is at its limit; goes on by itself when it is time, or by the button. */
export function InLine({ examSlug, place, seconds, code }: InLineProps) {
  const { t } = useText();
  const form = useRef<HTMLFormElement>(null);
  const [now, setNow] = useState(place);
  const [running, setRunning] = useState(false);
  useEffect(() => {
    const leaving = new AbortController();
    const gone = () => leaving.signal.aborted;
    const wait = async () => {
      for (let failures = 0; failures < MOST_FAILURES;) {
        const call = await askLine(examSlug, leaving.signal);
        if (gone()) return;
        if (call?.called) break;
        failures = call ? 0 : failures + 1;
        if (call?.place) setNow(call.place);
        await pause();
        if (gone()) return;
      }
      form.current?.submit();
    };
    setRunning(true);
    void wait();
    return () => leaving.abort();
  }, [examSlug]);
  return (
    <Banner tone="info" title={t('start.line-title', { place: now })}>
      <p>{running ? t('start.line') : t('start.line-plain', { seconds })}</p>
      <Form method="post" reloadDocument ref={form}>
        <input type="hidden" name="intent" value="start" />
        {code !== null && <input type="hidden" name="code" value={code} />}
        <ButtonRow><Button kind="primary">{t('start.line-again')}</Button></ButtonRow>
      </Form>
    </Banner>
  );
}

/** @returns null when the question was not answered */
async function askLine(examSlug: string, signal: AbortSignal): Promise<{ called: boolean; place?: number } | null> {
  try {
    const answer = await fetch(`/exams/${examSlug}/line`, { headers: { Accept: 'application/json' }, cache: 'no-store', signal });
    return answer.ok ? (await answer.json()) as { called: boolean; place?: number } : null;
  } catch {
    return null;
  }
}
