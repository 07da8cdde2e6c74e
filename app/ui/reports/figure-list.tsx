import { Link } from '@remix-run/react';
import { useText } from '~/text/react';

export interface ShownFigure {
  code: string;
  label: string;
  text: string;
  /** As it was frozen, where it was corrected since. */
  frozen: string | null;
}

/** The figures of one person, each with its name; what was corrected says what was frozen. */
export function FigureList({ figures, of, correctTo }: { figures: readonly ShownFigure[]; of: string; correctTo: ((code: string) => string) | null }) {
  const { t } = useText();
  return (
    <ul className="figure-list">
      {figures.map(({ code, label, text, frozen }) => (
        <li key={code}>
          {label}：<span className="figures">{text}</span>
          {frozen !== null && <small> {t('appraisal.was-frozen', { figure: frozen })}</small>}
          {correctTo !== null && <> <Link className="no-print" to={correctTo(code)} aria-label={t('appraisal.correct-of', { figure: label, of })}>{t('appraisal.correct')}</Link></>}
        </li>
      ))}
    </ul>
  );
}
