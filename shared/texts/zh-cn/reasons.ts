import type { SameTexts } from '../catalogue.ts';
import type { reasons as english } from '../en/reasons.ts';
import { escapes } from './escapes.ts';

export const reasons: SameTexts<typeof english> = {
  'command-denied': {
    short: '命令被禁止',
    why: '命令列表禁止容器通过 Docker 套接字执行 “{{command}}”。',
    remedy: '如果容器确实需要，请从禁止列表中删除该命令。',
  },
  'command-not-allowed': {
    short: '命令不在允许之列',
    why: '命令列表只允许部分命令，“{{command}}” 不在其中。',
    remedy: '如果容器确实需要，请把该命令加入允许列表。',
  },
  'command-not-own-container': {
    short: '不是它创建的容器',
    why: '命令列表只允许对通过同一套接字创建的容器执行 “{{command}}”。',
    remedy: '请允许整个命令，或让容器只操作它自己创建的容器。',
  },
  'unknown-operation': {
    short: '未知操作',
    why: 'Lockkeeper 不认识这个 Docker 引擎操作，因此不予放行。',
    remedy: '请更新 Lockkeeper，或把 lockkeeper.unknownOperations 设为 "pass"。',
  },
  'podman-api': {
    short: 'Podman 自有 API',
    why: '该请求要求只有 Podman 才会做的事，而 Lockkeeper 不检查其内容。',
    remedy: '请使用 docker 命令，或其他使用 Docker API 的客户端。',
  },
  'list-empty': {
    short: '镜像列表为空',
    why: '{{image}} 的容器请求 Docker 套接字，但镜像列表为空。',
    remedy: '如果您信任该镜像使用 Docker，请把它加入镜像列表。',
  },
  'not-listed': {
    short: '镜像不在列表中',
    why: '{{image}} 的容器请求 Docker 套接字，但镜像列表中没有该镜像。',
    remedy: '如果您信任该镜像使用 Docker，请把它加入镜像列表。',
  },
  'digest-differs': {
    short: '镜像已过期',
    why: '{{image}} 在列表中，但本地镜像与仓库中该名称当前的镜像不同。',
    remedy: '刷新该镜像：重新拉取之后即可通过。',
  },
  'pinned-digest-differs': {
    short: '与固定的摘要不同',
    why: '{{image}} 以固定摘要列出，而本地镜像的摘要不同。',
    remedy: '请拉取固定摘要的镜像，或更新该条目。',
  },
  'registry-unreachable': {
    short: '无法连接仓库',
    why: '无法向 {{image}} 的仓库确认本地镜像是否可信。',
    remedy: '给客户端的答复说明了受阻原因和处理办法。曾经确认过的镜像在数日内仍然有效。',
  },
  'derived-off': {
    short: '不允许派生镜像',
    why: '{{image}} 基于列表中的镜像构建，而派生镜像未被允许。',
    remedy: '如果您信任基于列表镜像构建的内容，请允许派生镜像。',
  },
  'derived-parent-missing': {
    short: '缺少父镜像',
    why: '{{image}} 似乎基于列表中的某个镜像构建，但该镜像已不在本机。',
    remedy: '请拉取父镜像后重试。',
  },
  'derived-parent-unconfirmed': {
    short: '父镜像未确认',
    why: '{{image}} 所基于的列表镜像与仓库中当前的镜像不同。',
    remedy: '请刷新父镜像、重新构建，然后重试。',
  },
  'parent-directory': {
    short: '包含套接字的目录',
    why: '容器请求挂载 Docker 套接字所在的目录。',
    remedy: '请直接挂载套接字，或只挂载需要的子目录。',
  },
  'protected-path': {
    short: '受保护的路径',
    why: '容器请求挂载属于引擎或 Lockkeeper 的路径。',
    remedy: '请挂载其他路径。',
  },
  volume: {
    short: '卷通向套接字',
    why: '容器请求挂载通向 Docker 套接字的卷。',
    remedy: '请直接挂载套接字，而不是使用该卷。',
  },
  'volumes-from': {
    short: '使用持有者的卷',
    why: '容器请求使用另一个持有 Docker 套接字的容器的卷。',
    remedy: '请直接挂载套接字，由镜像列表决定是否允许。',
  },
  'source-unverifiable': {
    short: '无法检查来源',
    why: '容器请求挂载 Lockkeeper 无法查看的路径。',
    remedy: '请以有权读取该路径的用户运行 Lockkeeper，或挂载其他路径。',
  },
  service: {
    short: '带套接字的服务',
    why: '某个服务会把 Docker 套接字放入它的容器。',
    remedy: '请改用普通容器运行；服务不能获得受过滤的套接字。',
  },
  plugin: {
    short: '带套接字的插件',
    why: '某个插件请求 Docker 套接字。',
    remedy: '如果您信任该插件，请直接通过引擎安装。',
  },
  'raw-socket-holder': {
    short: '持有原始套接字',
    why: '该容器创建时带有引擎自己的套接字，因此不能启动。',
    remedy: '请重新创建该容器；如果镜像在列表中，它会得到受过滤的套接字。',
  },
  'delivery-impossible': {
    short: '无法送入容器',
    why: '{{image}} 已被允许，但无法把受过滤的套接字送入此容器。',
    remedy: '下方的消息说明了原因。',
  },
  'image-changed': {
    short: '镜像已变化',
    why: '在检查与创建之间，标签 {{image}} 指向了另一个镜像。',
    remedy: '请重试。',
  },
  'policy-invalid': {
    short: '没有可用策略',
    why: '没有可用的策略，因此任何容器都不能使用 Docker 套接字。',
    remedy: '请修复设置文件；页眉说明了其中的问题。',
  },
  'engine-unreachable': {
    short: '无法连接引擎',
    why: '无法向 Docker 引擎查询作出决定所需的信息。',
    remedy: '请启动引擎后重试。',
  },
  'internal-error': {
    short: '内部错误',
    why: 'Lockkeeper 未能作出决定，为安全起见拒绝了请求。',
    remedy: '请附上下方的消息报告此问题。',
  },
  'state-unusable': {
    short: '状态目录不可用',
    why: 'Lockkeeper 无法写入必须记住的套接字信息，因此不发放任何套接字。',
    remedy: '请释放磁盘空间，或使状态目录可写；下方的消息给出了路径。',
  },
  'cut-off': {
    short: '容器已被切断',
    why: '该容器与 Docker 的连接已被手动切断，因此它的任何请求都不会放行。',
    remedy: '请在“容器”页面恢复它的套接字，或在主机上用 “docker restart” 重启它。',
  },
  abandoned: {
    short: '客户端已离开',
    why: '客户端在容器就绪之前离开，因此容器已被删除。',
    remedy: '请重试。',
  },
  'malformed-request': {
    short: '请求格式错误',
    why: '该请求可以有两种解读，因此不予放行。',
    remedy: '请使用严格遵守 HTTP/1.1 且不重复 JSON 键的客户端。',
  },
  'head-too-large': {
    short: '请求头过大',
    why: '请求头、查询参数或尾部字段超过了 Lockkeeper 读取的上限。',
    remedy: '请减小请求：Docker 自己的客户端远低于这些固定的上限。',
  },
  'body-too-large': {
    short: '请求体过大',
    why: '请求体的大小、嵌套深度或值的数量超过了 Lockkeeper 检查的上限。',
    remedy: '请减小请求，或调高 “lockkeeper.limits.inspectedBodyMegabytes”（未设置时为 4）。',
  },
  ...escapes,
};
