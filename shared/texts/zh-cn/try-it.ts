import type { SameTexts } from '../catalogue.ts';
import type { tryIt as english } from '../en/try-it.ts';

export const tryIt: SameTexts<typeof english> = {
  about: '在运行命令之前先了解结果。这里不会执行任何操作，也不会留下记录。',
  ask: '试验',
  asks: { docker: 'docker 命令', create: '创建请求的正文' },
  where: '来自',
  from: {
    host: '本机',
    filtered: '受过滤套接字',
    container: '容器 {{name}}',
    socket: '套接字 {{path}}',
  },
  check: '查看结果',
  asking: '正在查询……',
  example: '填入示例',
  notTried: '无法试验：{{problem}}',
  thisCreate: '该创建请求',
  verdicts: {
    allowed: '{{what}} 会通过。',
    blocked: '{{what}} 会被拦截。',
    undecided: '目前无法查明 {{what}} 所需的信息。',
  },
  steps: { allowed: '通过', blocked: '拦截', undecided: '未知' },
  socket: '依据条目“{{entry}}”，容器会在 {{targets}} 得到一个受过滤套接字。',
  notEnforced: '保护已关闭：不拦截任何请求。',
};
