import type { ZodType } from 'zod';
import { Button, ButtonLink, ButtonRow, CheckboxField, CheckboxGroupField, Disclosure, FileField, FormBox, Page, RadioField, SelectField, SubmitButton, TextAreaField, TextField, useFormReply } from '..';
import type { Example, Say } from '../example';

function SignIn({ say }: { say: Say }) {
  const form = useFormReply();
  return (
    <Page title={say('登录', 'Sign in')} lead={say('用您的登录名和密码。', 'With your sign-in name and password.')}>
      <FormBox form={form}>
        <TextField form={form} name="signInName" label={say('登录名', 'Sign-in name')} hint={say('新录用人员填报考号', 'Recruits: your recruitment number')} width="middle" autoComplete="username" />
        <TextField form={form} name="password" type="password" label={say('密码', 'Password')} width="middle" autoComplete="current-password" />
        <ButtonRow><SubmitButton>{say('登录', 'Sign in')}</SubmitButton><ButtonLink to="/activate" kind="quiet">{say('第一次使用：凭激活码启用账号', 'First time: activate with your code')}</ButtonLink></ButtonRow>
      </FormBox>
    </Page>
  );
}

type Person = { name: string; number: string; email?: string; organisation: string; until: string; kind: string; topics?: string[]; note?: string; file?: File; agreed: boolean };

function AllFields({ say }: { say: Say }) {
  const form = useFormReply<ZodType<Person, Person>>({ defaultValue: { name: '王晓梅', kind: 'recruit', topics: ['security'], agreed: true, until: '2026-10-12' } });
  return (
    <Page title={say('新建人员', 'New person')} trail={[{ to: '/hr', label: say('人事', 'HR') }, { to: '/hr/people', label: say('人员', 'People') }]}>
      <FormBox form={form} multipart>
        <TextField form={form} name="name" label={say('姓名', 'Name')} width="middle" maxLength={40} />
        <TextField form={form} name="number" label={say('报考号', 'Recruitment number')} hint={say('录用通知书右上角的 8 位数字', 'Eight digits, top right on the letter of appointment')} width="short" inputMode="numeric" />
        <TextField form={form} name="email" type="email" label={say('电子邮箱', 'E-mail')} optional />
        <SelectField form={form} name="organisation" label={say('单位', 'Organisation')} options={[{ value: 'a', label: say('市行政审批服务局', 'Approval Bureau') }, { value: 'b', label: say('东湖街道办事处', 'Donghu Subdistrict') }]} />
        <TextField form={form} name="until" type="date" label={say('上岗日期', 'Start of duty')} width="short" />
        <RadioField form={form} name="kind" label={say('类别', 'Kind')} options={[
          { value: 'recruit', label: say('新录用人员', 'Recruit'), hint: say('上岗前须培训并通过考试', 'Trains and passes an exam before starting') },
          { value: 'leader', label: say('领导干部', 'Leader') },
        ]} />
        <CheckboxGroupField form={form} name="topics" label={say('需要补学', 'To be repeated')} optional options={[{ value: 'security', label: say('信息安全与保密', 'Security and secrecy') }, { value: 'data', label: say('个人信息', 'Personal data') }]} />
        <TextAreaField form={form} name="note" label={say('备注', 'Note')} optional rows={3} />
        <FileField form={form} name="file" label={say('照片', 'Photograph')} accept="image/*" optional />
        <CheckboxField form={form} name="agreed" label={say('已核对录用通知书', 'I have checked the letter of appointment')} />
        <ButtonRow><SubmitButton>{say('保存', 'Save')}</SubmitButton><ButtonLink to="/hr/people">{say('不保存，返回', 'Back without saving')}</ButtonLink></ButtonRow>
      </FormBox>
      <Disclosure summary={say('停用这个账号', 'Close this account')} open>
        <p>{say('停用后王晓梅不能再登录，进行中的考试照常计时。可以随时恢复。', 'Wang Xiaomei can no longer sign in; a running exam goes on. You can open it again.')}</p>
        <ButtonRow><Button kind="danger">{say('停用王晓梅的账号', 'Close Wang Xiaomei’s account')}</Button></ButtonRow>
      </Disclosure>
    </Page>
  );
}

const wrong: Example['answer'] = {
  form: 'form',
  reply: {
    status: 'error', initialValue: { name: '', email: 'wang at home', kind: 'emperor' },
    error: {
      '': [{ code: 'storage.unavailable' }], name: [{ code: 'field.required' }], number: [{ code: 'field.taken', params: { value: '20260312' } }], email: [{ code: 'field.email' }],
      organisation: [{ code: 'field.choose' }], kind: [{ code: 'field.choose' }], agreed: [{ code: 'field.tick' }],
    },
  },
};

export const examples: Example[] = [
  { name: 'sign-in', View: SignIn, visitor: true },
  { name: 'fields', View: AllFields },
  { name: 'errors', View: AllFields, answer: wrong },
];
