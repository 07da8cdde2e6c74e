const zh = {
  'ui.product': '上岗',
  'ui.product-line': '公务人员电子政务培训与上岗资格',
  'ui.skip': '跳到正文',
  'ui.language': '语言',
  'ui.menu': '菜单',
};

const en: Record<keyof typeof zh, string> = {
  'ui.product': 'Shanggang',
  'ui.product-line': 'E-government training and permission to start work',
  'ui.skip': 'Skip to content',
  'ui.language': 'Language',
  'ui.menu': 'Menu',
};

export const ui = { zh, en };
