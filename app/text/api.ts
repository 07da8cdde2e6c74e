const zh = {
  'api.name-mismatch': '号码对应的姓名与所给姓名不符，没有核查。',
  'api.status.400': '请求无法读取',
  'api.status.401': '未通过验证',
  'api.status.403': '没有权限',
  'api.status.404': '没有找到',
  'api.status.405': '方法不被接受',
  'api.status.409': '与现状冲突',
  'api.status.413': '内容过大',
  'api.status.415': '格式不被接受',
  'api.status.422': '内容不符合要求',
  'api.status.429': '请求过多',
  'api.status.500': '程序出错',
  'api.status.503': '暂时无法使用',
  'admin.event.clearance.checked': '应用核查上岗资格',
} as const;

const en: Record<keyof typeof zh, string> = {
  'api.name-mismatch': 'The number belongs to somebody with another name; nothing was judged.',
  'api.status.400': 'Cannot be read',
  'api.status.401': 'Not authenticated',
  'api.status.403': 'Not permitted',
  'api.status.404': 'Not found',
  'api.status.405': 'Method not taken',
  'api.status.409': 'In conflict with what is',
  'api.status.413': 'Too large',
  'api.status.415': 'Form not taken',
  'api.status.422': 'Wrong content',
  'api.status.429': 'Too many requests',
  'api.status.500': 'Something went wrong in the program',
  'api.status.503': 'Not available at the moment',
  'admin.event.clearance.checked': 'Clearances checked by an application',
};

export const api = { zh, en };
