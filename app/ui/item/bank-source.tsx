import type { BankOrigin } from '~/itembank';
import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { ButtonLink, ButtonRow } from '../button/button';

/** Which bank an exam draws from, said plainly: the public one with a warning. */
export function BankSource({ bank, mayChoose }: { bank: { name: string; origin: BankOrigin } | null; mayChoose: boolean }) {
  const { t } = useText();
  const choose = mayChoose && <ButtonRow><ButtonLink to="/admin/banks">{t('itembank.go-banks')}</ButtonLink></ButtonRow>;
  if (!bank) return <Banner tone="danger" title={t('itembank.source-none-title')}><p>{t('itembank.source-none')}</p>{choose}</Banner>;
  if (bank.origin === 'own') return <Banner tone="info" title={t('itembank.source-own-title', { bank: bank.name })}><p>{t('itembank.source-own')}</p></Banner>;
  return <Banner tone="warning" title={t('itembank.source-shipped-title')}><p>{t('itembank.source-shipped', { bank: bank.name })}</p>{choose}</Banner>;
}
