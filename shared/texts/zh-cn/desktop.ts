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
  notice: {
    title: 'Lockkeeper 已阻止',
    many_one: '最近一分钟内阻止了 {{count}} 个请求',
    many_other: '最近一分钟内阻止了 {{count}} 个请求',
    manyBy_one: '最近一分钟内阻止了来自 {{who}} 的 {{count}} 个请求',
    manyBy_other: '最近一分钟内阻止了来自 {{who}} 的 {{count}} 个请求',
  },
};
