import type { SameTexts } from '../catalogue.ts';
import type { setUp as english } from '../en/set-up.ts';

export const setUp: SameTexts<typeof english> = {
  again: '重新检查',
  checking: '正在检查本机……',
  checked: '检查于',
  copyReport: '复制为文本',
  firstRun: '重新查看初次使用向导',
  only: '只显示需要处理的项目',
  nothingLeft: '没有需要处理的项目。',
  unavailable: '无法进行检查：{{problem}}',
  notDone: '未能完成：{{problem}}',
  summary: {
    fail_one: '{{count}} 项需要处理',
    fail_other: '{{count}} 项需要处理',
    warn_one: '{{count}} 项值得留意',
    warn_other: '{{count}} 项值得留意',
    unknown_one: '{{count}} 项未知',
    unknown_other: '{{count}} 项未知',
    pass_one: '{{count}} 项正常',
    pass_other: '{{count}} 项正常',
  },
  states: { pass: '正常', warn: '值得留意', fail: '需要处理', unknown: '未知' },
  actions: {
    'use-context': '创建并使用上下文 “lockkeeper”',
    'leave-context': '恢复上下文 “{{before}}”',
    prove: '用真实的容器试一试',
  },
  lockkeeper: {
    title: 'Lockkeeper',
    running: 'Lockkeeper {{version}} 正在运行，在 {{gate}} 接收 Docker 的请求。',
    'not-running': '无法询问 Lockkeeper：{{problem}}',
  },
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
    observing:
      'Lockkeeper 在 {{until}} 之前只观察：不拦截任何请求。运行 “lockkeeper observe --end” 可立即恢复强制执行。',
    warnings: '策略已生效，但有疑点：{{warnings}}',
    'last-good': '某个设置文件无法使用，因此继续沿用上一个有效的策略：{{problem}}',
    closed: '没有可用的策略，容器中的所有 Docker 套接字都会被拒绝：{{problem}}',
  },
  'docker-context': {
    title: 'Docker 上下文',
    ours: 'docker 命令经过 Lockkeeper：上下文 “{{context}}”。',
    other: 'docker 命令绕过了 Lockkeeper：上下文 “{{context}}” 指向 {{endpoint}}。',
    'host-decides': 'DOCKER_HOST 指向 Lockkeeper，并且优先于所选的上下文。',
    'no-docker': '此处没有安装 docker 命令，因此没有上下文可设置。其他客户端请使用：DOCKER_HOST={{gate}}',
    unreadable: 'docker 命令没有给出它的上下文：{{problem}}',
  },
  'blocked-mount': {
    title: '以被拦截的挂载为证',
    'would-be-refused':
      '不在列表中的镜像的容器会被拒绝获得 Docker 套接字：这是对每个容器作出决定的同一逻辑给出的结果。',
    refused: '刚才 {{image}} 的一个容器请求 Docker 套接字，已被拒绝：“{{message}}”',
    'let-through': '刚才 {{image}} 的一个容器带着 Docker 套接字被创建，而它本应被拒绝。该容器已被删除。请报告此问题。',
    everything: '镜像列表中有 “*”：任何镜像都可以获得受过滤的 Docker 套接字，因此没有镜像会被拒绝。',
    passes: '保护没有启用：任何容器都可以挂载引擎自己的套接字。',
    'no-image': '本机的镜像都可以获得 Docker 套接字，或者没有镜像，因此无法尝试。请拉取一个不在列表中的镜像：',
    undecided: '无法尝试：{{message}}',
    'not-running': 'Lockkeeper 运行后才能尝试。',
  },
  'raw-sockets': {
    title: '绕过 Lockkeeper 的容器',
    none: '没有容器持有引擎自己的套接字。',
    running: '以下容器绕过 Lockkeeper 控制引擎：{{names}}。请删除它们，并通过 Lockkeeper 重新创建：',
    stopped:
      '以下容器持有引擎自己的套接字，但没有运行：{{names}}。它们无法通过 Lockkeeper 启动，但引擎可能会自行启动它们。请删除它们：',
    doubtful: '无法检查以下容器挂载的内容，因此它们可能持有引擎自己的套接字：{{names}}。',
    unknown: '无法询问引擎：{{problem}}',
  },
  'docker-group': {
    title: '谁可以打开引擎的套接字',
    private: '只有 {{owner}} 可以打开 {{socket}}。',
    group: '{{group}} 组的成员（{{members}}）可以绕过 Lockkeeper 打开 {{socket}}。容器不能，但这些用户及其程序可以。',
    everybody: '本机的所有人都可以绕过 Lockkeeper 打开 {{socket}}。请收回此权限：',
    'not-local': '引擎不是通过套接字文件访问的，因此无法检查其权限。',
    'no-file': '{{socket}} 处没有可检查的套接字。',
  },
  'engine-on-tcp': {
    title: 'TCP 上的引擎',
    closed: '没有引擎在本机的 TCP 端口 2375 上监听。',
    open: '引擎在 {{address}} 无需密码应答任何人：任何能访问本机的容器都可以控制它。请从引擎的配置（/etc/docker/daemon.json 或 dockerd -H）中删除 “tcp://” 主机，然后重启引擎。',
  },
  'docker-host': {
    title: 'DOCKER_HOST 和 DOCKER_CONTEXT',
    unset: '在发起检查的环境中两者都没有设置，由所选的上下文决定。',
    ours: 'DOCKER_HOST 指向 Lockkeeper。',
    other: 'DOCKER_HOST 为 {{value}}，会绕过 Lockkeeper，并且优先于任何上下文。请从 shell 的启动文件中删除它。',
    'context-ours': 'DOCKER_CONTEXT 为 {{context}}，指向 Lockkeeper。',
    context:
      'DOCKER_CONTEXT 为 {{context}}，会绕过 Lockkeeper（{{endpoint}}），并且优先于所选的上下文。请从 shell 的启动文件中删除它。',
  },
  testcontainers: {
    title: 'Testcontainers',
    clear: '~/.testcontainers.properties 和环境变量都没有让 Testcontainers 绕过 Lockkeeper。',
    unused: 'Testcontainers 在此处没有留下设置。如果要使用它：它不遵循 Docker 上下文，因此请告诉它 Lockkeeper 的位置：',
    default:
      'Testcontainers 不遵循 Docker 上下文，而 ~/.testcontainers.properties 没有说明 Lockkeeper 的位置：没有 DOCKER_HOST 时它会使用引擎自己的套接字。请告诉它：',
    other: '{{name}} 为 {{value}}，会让 Testcontainers 绕过 Lockkeeper。请删除它，或把 docker.host 设为 {{wanted}}。',
    'not-a-socket':
      '{{name}} 为 {{value}}，它不是 Docker 套接字：Testcontainers 会把它挂载到 Ryuk 中，Ryuk 因此无法清理。请删除它。',
  },
  limits: {
    title: '限制',
    within: 'Lockkeeper 启动以来，没有客户端超出任何限制。',
    reached:
      'Lockkeeper 启动以来，有 {{gaveWay}} 个连接为他人让位而被关闭，{{turnedAway}} 个连接被拒之门外，{{tooLarge}} 个请求过大。在“活动”页面，警报会指出是哪个套接字，被阻止的请求会显示是谁发送的。如果这不是攻击，请在设置文件中调高 “lockkeeper.limits”。',
    'not-running': '没有正在运行的 Lockkeeper，因此没有可统计的内容。',
  },
  versions: {
    title: '版本',
    known: 'Lockkeeper {{version}} 测试过与此类似的引擎：{{engine}}。',
    old: '引擎 {{engine}} 比 Lockkeeper 测试过的最旧版本（{{oldest}}）还旧。',
    newer:
      '引擎 {{engine}} 比 Lockkeeper 测试过的最新版本（{{newest}}）还新。它新增的未知操作在受过滤的套接字上会被拒绝。',
    unknown: '无法连接引擎，因此不知道它的版本。',
  },
};
