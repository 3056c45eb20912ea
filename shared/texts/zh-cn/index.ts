import type { SameTexts } from '../catalogue.ts';
import type { en } from '../en/index.ts';
import { activity } from './activity.ts';
import { allowList } from './allow-list.ts';
import { commands } from './commands.ts';
import { containers } from './containers.ts';
import { desktop } from './desktop.ts';
import { firstRun } from './first-run.ts';
import { policy } from './policy.ts';
import { reasons } from './reasons.ts';
import { setUp } from './set-up.ts';
import { troubles } from './troubles.ts';
import { tryIt } from './try-it.ts';

/** 简体中文. Chinese has one plural form; i18next looks for `_other`, and `_one` has the same words. */
export const zhCN: SameTexts<typeof en> = {
  pages: {
    activity: '活动',
    'allow-list': '允许列表',
    commands: '命令',
    'try-it': '试一试',
    policy: '策略',
    containers: '容器',
    'set-up': '设置检查',
    'first-run': '初次使用',
  },
  attention: {
    blocked_one: '{{count}} 次拦截',
    blocked_other: '{{count}} 次拦截',
    past_one: '{{count}} 个未过滤',
    past_other: '{{count}} 个未过滤',
    setUp_one: '{{count}} 个问题',
    setUp_other: '{{count}} 个问题',
  },
  header: {
    enforcing: '正在强制执行',
    observing: '仅观察：不拦截任何请求',
    observingUntil: '观察到 {{time}}：不拦截任何请求',
    enforceAgain: '恢复强制执行',
    'not-enforced': '未强制执行：一切请求都会通过',
    closed: '没有可用的策略：容器中的所有 Docker 套接字都会被拒绝',
    exceptions_one: '{{count}} 个例外',
    exceptions_other: '{{count}} 个例外',
    blockedToday_one: '今天拦截 {{count}} 次',
    blockedToday_other: '今天拦截 {{count}} 次',
    engine: '引擎 {{version}}（{{detail}}）',
    engineUnreachable: '无法连接引擎',
    lockedBy: '策略由 {{file}} 锁定',
    connecting: '正在连接 Lockkeeper……',
    lost: 'Lockkeeper 没有响应。它可能已停止或正在重启；本页面会自动重试。',
    refused: '此页面已无权访问 Lockkeeper。请运行 “lockkeeper dashboard” 并打开它给出的链接。',
    problems: '问题',
    rawHolders_one: '{{count}} 个容器绕过 Lockkeeper 控制引擎',
    rawHolders_other: '{{count}} 个容器绕过 Lockkeeper 控制引擎',
    seeContainers: '查看是哪些以及如何处理',
    engineOpen: '本机的所有人都可以绕过 Lockkeeper 访问引擎',
    seeSetUp: '查看原因以及如何处理',
  },
  settings: {
    label: '偏好设置',
    theme: '主题',
    themes: { system: '跟随系统', light: '浅色', dark: '深色' },
    language: '语言',
    languages: { system: '跟随系统', en: 'English', 'zh-CN': '简体中文' },
    start: '启动',
    starts: { atLogin: '登录时启动', minimised: '启动时不显示窗口' },
    notDone: '未能完成：{{problem}}',
  },
  activity,
  allowList,
  commands,
  containers,
  setUp,
  desktop,
  troubles,
  tryIt,
  policy,
  firstRun,
  reasons,
  common: {
    copy: '复制',
    copied: '已复制',
    notCopied: '未复制:浏览器拒绝了',
    close: '关闭',
    loading: '正在加载……',
    tryAgain: '重试',
    sameLines_one: '{{count}} 行不变',
    sameLines_other: '{{count}} 行不变',
  },
};
