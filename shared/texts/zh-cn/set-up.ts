import type { SameTexts } from '../catalogue.ts';
import type { setUp as english } from '../en/set-up.ts';

export const setUp: SameTexts<typeof english> = {
  again: '重新检查',
  checking: '正在检查本机……',
  states: { pass: '正常', warn: '值得留意', fail: '需要处理', unknown: '未知' },
  actions: { 'use-context': '创建并使用上下文', 'leave-context': '恢复默认上下文' },
  engine: {
    title: 'Docker 引擎',
    reachable: '{{endpoint}} 的引擎有响应：版本 {{version}}。',
    unreachable: '{{endpoint}} 的引擎没有响应（{{problem}}）。请启动引擎，Lockkeeper 随后会自动继续。',
  },
  policy: {
    title: '策略',
    locked: '{{file}} 中的策略已生效并被锁定。',
    unlocked: '{{file}} 中的策略已生效，但未锁定：使用此账户的人都可以更改。',
    'built-in': '没有找到设置文件：任何镜像都不能获得 Docker 套接字。如需允许，请编写 {{file}}。',
    'not-enforced': '{{file}} 关闭了保护：任何容器都可以挂载 Docker 套接字。',
    'last-good': '某个设置文件无法使用，因此继续沿用上一个有效的策略：{{problem}}',
    closed: '没有可用的策略，容器中的所有 Docker 套接字都会被拒绝：{{problem}}',
  },
  'docker-context': {
    title: 'Docker 上下文',
    ours: 'docker 命令经过 Lockkeeper：上下文 “{{context}}”。',
    other: 'docker 命令绕过了 Lockkeeper：上下文 “{{context}}” 指向 {{endpoint}}。',
    'no-docker': '没有安装 docker 命令，因此没有上下文可设置。',
    unreadable: '无法读取 Docker 的配置：{{problem}}',
  },
  'docker-host': {
    title: 'DOCKER_HOST',
    unset: 'Lockkeeper 的运行环境没有设置 DOCKER_HOST，由上下文决定。',
    ours: 'DOCKER_HOST 指向 Lockkeeper。',
    other: 'DOCKER_HOST 为 {{value}}，会绕过 Lockkeeper，并且优先于任何上下文。请从 shell 的启动文件中删除它。',
  },
  testcontainers: {
    title: 'Testcontainers',
    clear: '~/.testcontainers.properties 和环境变量都没有让 Testcontainers 绕过 Lockkeeper。',
    other: '{{name}} 为 {{value}}，会让 Testcontainers 绕过 Lockkeeper。请删除它，或改为 {{wanted}}。',
  },
  'engine-on-tcp': {
    title: 'TCP 上的引擎',
    closed: '引擎没有在本机的 TCP 端口 2375 上监听。',
    open: 'TCP 端口 2375 上有程序以 Docker 引擎的身份应答：任何能访问本机的容器都可以控制它。请从引擎的配置中删除 “tcp://” 主机。',
  },
  'docker-group': {
    title: '引擎自己的套接字',
    private: '只有 root 可以打开 {{socket}}。',
    group: '{{group}} 组的成员（{{members}}）可以绕过 Lockkeeper 打开 {{socket}}。容器不能，但用户及其程序可以。',
    everybody: '本机的所有人都可以绕过 Lockkeeper 打开 {{socket}}。请把它的权限改为 0660。',
    'not-local': '引擎不是通过套接字文件访问的，因此无法检查其权限。',
  },
  'raw-sockets': {
    title: '持有原始套接字的容器',
    none: '没有容器持有引擎自己的套接字。',
    some: '以下容器绕过 Lockkeeper 持有引擎自己的套接字：{{names}}。请通过 Lockkeeper 重新创建它们。',
    unknown: '无法询问引擎：{{problem}}',
  },
  versions: {
    title: '版本',
    known: 'Lockkeeper {{version}}，引擎 {{engine}}。',
    old: '引擎 {{engine}} 比 Lockkeeper 测试过的最旧版本（{{oldest}}）还旧。',
    newer:
      '引擎 {{engine}} 比 Lockkeeper 测试过的最新版本（{{newest}}）还新。它新增的未知操作在受过滤的套接字上会被拒绝。',
    unknown: '无法连接引擎，因此不知道它的版本。',
  },
};
