import type { SameTexts } from '../catalogue.ts';
import type { containers as english } from '../en/containers.ts';

export const containers: SameTexts<typeof english> = {
  filtered: '持有受过滤的套接字',
  raw: '持有引擎自己的套接字',
  columns: {
    container: '容器',
    image: '镜像',
    entry: '依据条目',
    since: '始于',
    requests: '请求',
    refused: '拦截',
    state: '状态',
    source: '来源',
  },
  states: { running: '运行中', stopped: '已停止', cutOff: '已切断', needsRestart: '需要重启' },
  needsRestart: 'Lockkeeper 重启后，它的套接字已失效。请运行：{{command}}',
  cutOff: '切断',
  cutOffTitle: '要切断 {{name}} 与 Docker 的连接吗？',
  cutOffWords: '它的请求从现在起都会被拒绝，正在进行的请求会终止。重启该容器即可恢复。',
  cutOffDo: '切断 {{name}}',
  cancel: '不切断',
  noneFiltered: '没有容器持有 Docker 套接字。',
  noneFilteredWhy: '镜像在允许列表中的容器在请求时会得到一个。',
  noneRaw: '没有容器持有引擎自己的套接字。',
  rawWords:
    '这些容器绕过 Lockkeeper 控制引擎。它们在 Lockkeeper 出现之前创建，或不是通过它创建的。请删除它们，并通过 Lockkeeper 重新创建：',
  problem: '无法询问引擎：{{problem}}',
};
