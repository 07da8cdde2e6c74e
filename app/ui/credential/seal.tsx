/** A credential's seal: what it attests, in a double ring. Not an organisation's official seal. */
export function Seal({ text, tone = 'valid' }: { text: string; tone?: 'valid' | 'void' }) {
  return (
    <svg className={`seal seal--${tone}`} viewBox="0 0 120 120" width="120" height="120" role="img" aria-label={text}>
      <circle className="seal-ring" cx="60" cy="60" r="55" />
      <circle className="seal-inner" cx="60" cy="60" r="48" />
      <path className="seal-lines" d="M22 42h76M22 78h76" />
      <text className={text.length > 4 ? 'seal-text seal-text--long' : 'seal-text'} x="60" y="60" textAnchor="middle" dominantBaseline="central">{text}</text>
    </svg>
  );
}
