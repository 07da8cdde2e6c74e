import type { ErrorCode } from '~/kernel/errors';

type Wording = Record<`error.${ErrorCode}`, string>;

const zh = {
  'error.request.invalid': '提交的内容不完整或格式不对，请检查后再试。',
  'error.request.cross-site': '这个请求来自别的网站，没有执行。请从本站页面重新操作。',
  'error.request.too-large': '提交的内容太大。',
  'error.access.sign-in': '请先登录。',
  'error.access.denied': '您没有查看或办理这一项的权限。如确需办理，请联系本单位管理员。',
  'error.not-found': '没有找到您要的内容。可能地址有误，或内容已移走。',
  'error.conflict.changed': '您打开页面之后，别人改动了这条记录。请重新打开页面再改。',
  'error.rate.limited': '尝试次数太多，请在 {{minutes}} 分钟后再试。',
  'error.storage.full': '服务器存储空间已满，这次没有保存。您填写的内容仍在页面上，请稍后再试并告知管理员。',
  'error.storage.unavailable': '暂时连不上数据库，这次没有保存。请稍后再试。',
  'error.internal': '程序出了问题，我们已记录。请稍后再试；如一直不行，请把页面上的编号告诉管理员。',
  'error.field.required': '请填写这一项。',
  'error.field.invalid': '这一项的格式不对。',
  'error.field.too-long': '这一项太长，最多 {{max}} 个字符。',
  'error.field.taken': '“{{value}}”已被使用。',
} satisfies Wording;

const en = {
  'error.request.invalid': 'What was sent is incomplete or malformed. Check it and try again.',
  'error.request.cross-site': 'This request came from another site and was not carried out. Start again from a page of this site.',
  'error.request.too-large': 'What was sent is too large.',
  'error.access.sign-in': 'Please sign in first.',
  'error.access.denied': 'You may not see or do this. If your work needs it, ask the administrator of your organisation.',
  'error.not-found': 'There is nothing here. The address may be wrong, or the content has moved.',
  'error.conflict.changed': 'Somebody else changed this record after you opened the page. Open it again, then make your change.',
  'error.rate.limited': 'Too many attempts. Try again in {{minutes}} minutes.',
  'error.storage.full': 'The server’s disk is full and this was not saved. What you typed is still on the page: try again later and tell the administrator.',
  'error.storage.unavailable': 'The database cannot be reached and this was not saved. Please try again in a moment.',
  'error.internal': 'Something went wrong in the program and was recorded. Try again later; if it keeps failing, tell the administrator the number on this page.',
  'error.field.required': 'Fill in this field.',
  'error.field.invalid': 'This is not in the right form.',
  'error.field.too-long': 'This is too long: {{max}} characters at most.',
  'error.field.taken': '“{{value}}” is taken.',
} satisfies Wording;

export const errors = { zh, en };
