import { Page } from '..';
import type { Example, Say } from '../example';
import type { PlayerItem } from '../player/types';
import { BankSource } from './bank-source';
import { ItemWords } from './item-words';
import { PaperItem } from './paper-item';
import { PracticeItem } from './practice-item';

const head = { points: 4, item: 'x' };
const options = [{ value: 'b', text: '核对材料是否齐全' }, { value: 'a', text: '登记并当场告知办理时限' }, { value: 'c', text: '转交承办科室' }];
const match: PlayerItem = {
  ...head, item: 'm', number: 2, type: 'match', stem: '把事项与主管部门对应起来',
  lefts: [{ value: '1', text: '社会保险登记' }, { value: '2', text: '税务登记' }],
  options: [{ value: 'b', text: '税务局' }, { value: 'a', text: '人力资源和社会保障局' }, { value: 'c', text: '公安局' }],
};

const Practice = ({ say }: { say: Say }) => (
  <Page title={say('练习：电子政务基础', 'Practice: e-government foundations')}>
    <PracticeItem item={{ ...head, number: 1, type: 'order', stem: '窗口收件的步骤，按先后次序排列', options }}
      feedback={{ response: ['a', 'b', 'c'], state: 'wrong', right: ['A → B → C'], explanation: '先核对，再登记告知，最后转交。' }} />
    <PracticeItem item={match} feedback={{ response: { 1: 'a', 2: 'b' }, state: 'right', right: [], explanation: '各按职责办理。' }} />
    <PracticeItem item={{ ...head, item: 's', number: 3, type: 'short', stem: '办理时限自何日起算？' }} feedback={null} />
  </Page>
);

const Paper = ({ say }: { say: Say }) => (
  <Page title={say('试卷预览', 'Paper preview')}>
    <BankSource bank={{ name: say('《电子政务基础》公开试题', 'Public items of “E-government foundations”'), origin: 'shipped' }} mayChoose />
    <ol className="paper">
      <PaperItem item={{ ...head, number: 1, type: 'single', stem: '收件时最先应当做的是', options }} itemKey={{ words: ['A. 核对材料是否齐全'], explanation: '不齐全的当场一次性告知。' }} />
      <PaperItem item={match} itemKey={null} />
      <PaperItem item={{ ...head, item: 't', number: 3, type: 'true-false', stem: '照片可以当作电子证照使用。' }} itemKey={null} />
    </ol>
  </Page>
);

const Words = ({ say }: { say: Say }) => (
  <Page title={say('试题 own-0012', 'Item own-0012')}>
    <ItemWords body={{ type: 'multiple', stem: '下列做法正确的有', options: { a: '先核对', b: '再登记', c: '不告知时限' } }} itemKey={['a', 'b']} />
    <ItemWords body={{ type: 'short', stem: '办理时限自何日起算？' }} itemKey={['受理之日', '受理日']} />
  </Page>
);

export const examples: Example[] = [
  { name: 'item-practice', View: Practice }, { name: 'item-paper', View: Paper }, { name: 'item-words', View: Words },
];
