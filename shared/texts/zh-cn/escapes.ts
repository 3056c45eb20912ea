import type { SameTexts } from '../catalogue.ts';
import type { escapes as english } from '../en/escapes.ts';

export const escapes: SameTexts<typeof english> = {
  'escape-privileged': {
    short: '要求特权容器',
    why: '该请求要求特权容器，而特权容器拥有整台机器。',
    remedy: '如果容器确实需要，请把 "privileged" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-capabilities': {
    short: '额外的权能',
    why: '该容器将拥有 Docker 默认之外的权能。',
    remedy: '如果容器确实需要，请把 "capabilities" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-devices': {
    short: '设备',
    why: '该容器将得到机器上的设备。',
    remedy: '如果容器确实需要，请把 "devices" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-security-options': {
    short: '安全选项',
    why: '安全选项会去掉对该容器的限制。',
    remedy: '如果容器确实需要，请把 "security-options" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-unmasked-paths': {
    short: '未遮蔽的路径',
    why: 'Docker 隐藏或写保护的内核文件将对该容器开放。',
    remedy: '如果容器确实需要，请把 "unmasked-paths" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-runtime': {
    short: '其他运行时',
    why: '该容器将由其他运行时运行，它不一定限制容器。',
    remedy: '如果容器确实需要，请把 "runtime" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-cgroup-parent': {
    short: '控制组',
    why: '该容器将被放入创建者选定的控制组。',
    remedy: '如果容器确实需要，请把 "cgroup-parent" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-annotations': {
    short: '注解',
    why: '注解会把引擎不检查的内容交给运行时。',
    remedy: '如果容器确实需要，请把 "annotations" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-host-pid': {
    short: '主机进程',
    why: '该容器将共享主机的进程命名空间。',
    remedy: '如果容器确实需要，请把 "host-pid" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-host-ipc': {
    short: '主机共享内存',
    why: '该容器将共享主机的 IPC 命名空间。',
    remedy: '如果容器确实需要，请把 "host-ipc" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-host-uts': {
    short: '主机名',
    why: '该容器将共享主机的 UTS 命名空间。',
    remedy: '如果容器确实需要，请把 "host-uts" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-host-users': {
    short: '主机用户',
    why: '在引擎隔离用户的情况下，该容器的 root 将等同于主机的 root。',
    remedy: '如果容器确实需要，请把 "host-users" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-host-cgroup': {
    short: '主机控制组',
    why: '该容器将看到主机的控制组。',
    remedy: '如果容器确实需要，请把 "host-cgroup" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-host-network': {
    short: '主机网络',
    why: '该容器或构建将处于主机自己的网络中。',
    remedy: '如果容器确实需要，请把 "host-network" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-joined-namespaces': {
    short: '共享命名空间',
    why: '该容器将与权限更大的容器共享命名空间。',
    remedy: '如果容器确实需要，请把 "joined-namespaces" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-network-driver': {
    short: '网络驱动',
    why: '该网络将绕过引擎，与主机的网络并列。',
    remedy: '如果容器确实需要，请把 "network-driver" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-local-url': {
    short: '本机地址',
    why: '引擎将从本机或其本地链路获取内容。',
    remedy: '如果容器确实需要，请把 "local-url" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-podman-build': {
    short: '用 Podman 构建',
    why: '引擎是 Podman，其构建可以挂载本机的任何文件夹。',
    remedy: '如果容器需要，请将 "podman-build" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-bind-outside': {
    short: '不属于它的文件夹',
    why: '该文件夹不在套接字持有者自己绑定的文件夹之内。',
    remedy: '请把该文件夹加入 lockkeeper.containerSockets.bindFrom，或让持有套接字的容器自己绑定它。',
  },
  'escape-volume-options': {
    short: '卷选项',
    why: '卷的选项可以挂载机器上的任何文件夹或设备。',
    remedy: '如果容器确实需要，请把 "volume-options" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-network-volumes': {
    short: '网络卷',
    why: '机器本身将从网络挂载该卷。',
    remedy: '如果容器确实需要，请把 "network-volumes" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-volume-driver': {
    short: '卷驱动',
    why: '无法得知该卷的驱动会挂载什么。',
    remedy: '如果容器确实需要，请把 "volume-driver" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-log-driver': {
    short: '日志驱动',
    why: '引擎本身将连接到或写入日志选项指定的任何地方。',
    remedy: '如果容器确实需要，请把 "log-driver" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-restart-policy': {
    short: '重启策略',
    why: '当引擎重启该容器时，另一个容器可能已把它挂载的文件夹换成链接。',
    remedy: '如果容器确实需要，请把 "restart-policy" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-stronger-container': {
    short: '权限更大的容器',
    why: '该请求触及一个权限大于套接字持有者、且并非由其创建的容器。',
    remedy: '如果容器确实需要，请把 "stronger-container" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-plugins': {
    short: '插件',
    why: '插件拥有引擎的权限。',
    remedy: '如果容器确实需要，请把 "plugins" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-swarm': {
    short: '集群',
    why: '集群会运行没有任何请求要求的容器。',
    remedy: '如果容器确实需要，请把 "swarm" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-checkpoints': {
    short: '检查点',
    why: '检查点是由引擎读写的机器文件。',
    remedy: '如果容器确实需要，请把 "checkpoints" 加入 lockkeeper.containerSockets.allow。',
  },
  'escape-unknown-fields': {
    short: '未知字段',
    why: '该请求包含此版本 Lockkeeper 不认识的字段。',
    remedy: '如果容器确实需要，请把 "unknown-fields" 加入 lockkeeper.containerSockets.allow。',
  },
};
