import type { SameTexts } from '../catalogue.ts';
import type { firstRun as english } from '../en/first-run.ts';

export const firstRun: SameTexts<typeof english> = {
  title: '欢迎使用 Lockkeeper',
  intro: '以下四项检查说明本机的 Docker 套接字是否受到保护，以及未受保护时该怎么做。',
  skip: '跳过',
  progress: '{{total}} 项中已完成 {{settled}} 项',
  goOn: { pass: '不尝试，继续', warn: '继续', fail: '略过此项，继续', unknown: '略过此项，继续' },
  now: {
    title: '接下来',
    through:
      'docker 命令现在经过 Lockkeeper，由它按策略决定哪些容器可以获得 Docker 套接字。Testcontainers 等不遵循 Docker 上下文的工具，请用 DOCKER_HOST 指向这里：',
    past: '目前还没有客户端会自动经过 Lockkeeper。请用 DOCKER_HOST 让 Docker 客户端指向这里，或稍后在“设置检查”中选择上下文 “lockkeeper”：',
    shown: '被拦截的请求会立即显示在“活动”中，并附有原因和处理办法。',
    toActivity: '前往“活动”',
  },
};
