import type { SameTexts } from '../catalogue.ts';
import type { commands as english } from '../en/commands.ts';

export const commands: SameTexts<typeof english> = {
  list: 'Docker 命令',
  filter: '按命令、别名或请求筛选',
  show: '显示',
  shows: { all: '全部', blocked: '被拦截', allowed: '未拦截' },
  shown_one: '{{count}} 个命令',
  shown_other: '{{count}} 个命令',
  columns: {
    command: '命令',
    verdict: '经由受过滤套接字',
    group: '命令组',
    by: '拦截依据',
    requests: '请求数',
  },
  verdicts: { allowed: '允许', partly: '部分允许', own: '仅自建容器', blocked: '拦截' },
  why: {
    allowed: '持有受过滤套接字的容器或工具可以使用它。',
    partly: '它可以使用，但某些参数或客户端会发出被拦截的请求。',
    own: '它只能用于通过同一套接字创建的容器。',
    blocked: '策略（{{rule}}）拒绝了它必需的请求：{{by}}',
  },
  parts: {
    defining: '构成该命令的请求',
    needed: '它还需要的请求',
    'at-times': '仅某些参数或客户端会发出的请求',
  },
  requests: { pass: '通过', own: '仅自建容器', refuse: '拦截' },
  panel: { others: '别名' },
  denied: '命令列表拦截：{{names}}。其余一律通过。（{{where}}）',
  onlyAllowed: '命令列表只允许：{{names}}。（{{where}}）',
  nothingDenied: '命令列表未拦截任何命令：持有套接字的容器可以发出任何请求。',
  nothingAllowed: '命令列表不允许任何命令：持有套接字的容器只能得到 ping 和 version 的回应。',
  notEnforced: '保护已关闭：不拦截任何请求。',
  closed: '没有可用的策略：在有可用策略之前，除 ping 和 version 外的请求都会被拦截。',
  noMatch: '没有符合条件的命令。',
  clear: '显示全部命令',
};
