import type { BankOrigin } from '~/itembank';
import type { Text } from '~/text';

/** What a bank is called: its own name, or for shipped items that they are the course's public ones. */
export const bankName = (t: Text['t'], bank: { title: string; origin: BankOrigin }): string =>
  bank.origin === 'shipped' ? t('itembank.bank-name.shipped', { title: bank.title }) : bank.title;
