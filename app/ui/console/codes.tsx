import type { ShownCode } from '~/exams';
import { useText } from '~/text/react';

/** The codes that candidates enter, large enough to be read from the door. */
export function Codes({ codes, rooms, now }: { codes: readonly ShownCode[]; rooms: ReadonlyMap<string, string>; now: number }) {
  const { t } = useText();
  const [first] = codes;
  if (!first) return null;
  return (
    <section className="console-codes" aria-labelledby="console-codes-title">
      <h2 id="console-codes-title">{t('console.codes')}</h2>
      <ul>
        {codes.map(({ room, code }) => (
          <li key={room ?? ''}>
            <span className="small">{room === null ? t('console.all-rooms') : rooms.get(room)}</span>
            <span className="console-code figures">{code.slice(0, 3)} {code.slice(3)}</span>
          </li>
        ))}
      </ul>
      <p className="small">{t('console.codes-hint')} <span className="figures">{t('console.codes-next', { seconds: Math.max(0, Math.ceil((first.until - now) / 1000)) })}</span></p>
    </section>
  );
}
