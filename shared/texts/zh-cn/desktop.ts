import type { SameTexts } from '../catalogue.ts';
import type { desktop as english } from '../en/desktop.ts';

export const desktop: SameTexts<typeof english> = {
  notStarted: {
    title: 'Lockkeeper 未能启动',
    consequence: '在它运行之前，指向 Lockkeeper 的 Docker 工具得不到任何应答。',
    again: '请排除上述问题，然后再次启动 Lockkeeper：此窗口会自动继续。',
    ended: 'Lockkeeper 已停止',
  },
  tray: {
    stopped: 'Lockkeeper 未在运行',
    problems_one: '{{count}} 个问题 …',
    problems_other: '{{count}} 个问题 …',
    lastBlocked: '最近阻止的请求：',
    open: '打开 Lockkeeper',
    copyHost: '复制 DOCKER_HOST',
    refresh_one: '刷新 {{count}} 个过期镜像',
    refresh_other: '刷新 {{count}} 个过期镜像',
    policyFile: '显示策略文件',
    quit: '退出 Lockkeeper',
  },
  quit: {
    title: '退出 Lockkeeper？',
    holders_one: '在它再次运行之前，{{count}} 个容器的 Docker 套接字不会应答（{{images}}）。',
    holders_other: '在它再次运行之前，{{count}} 个容器的 Docker 套接字不会应答（{{images}}）。',
    context: '只要仍选择指向 Lockkeeper 的上下文“{{context}}”，Docker 命令就会失败。',
    closed: '在此期间，任何请求都不会未经过滤就通过。',
    leaveContext: '将上下文改回“{{before}}”并退出',
    quit: '退出',
    stay: '继续运行',
    notLeft: 'Docker 上下文未能改回',
    byHand: '在终端中改回：docker context use {{before}}',
  },
  notice: {
    title: 'Lockkeeper 已阻止',
    many_one: '最近一分钟内阻止了 {{count}} 个请求',
    many_other: '最近一分钟内阻止了 {{count}} 个请求',
    manyBy_one: '最近一分钟内阻止了来自 {{who}} 的 {{count}} 个请求',
    manyBy_other: '最近一分钟内阻止了来自 {{who}} 的 {{count}} 个请求',
  },
};
