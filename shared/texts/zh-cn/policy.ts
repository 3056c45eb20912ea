import type { SameTexts } from '../catalogue.ts';
import type { policy as english } from '../en/policy.ts';

export const policy: SameTexts<typeof english> = {
  inForce: '当前生效',
  all: '生效的策略、观察与设置',
  closed: '没有可用的策略：在有可用策略之前，容器中的所有 Docker 套接字都会被拒绝。',
  lastGood: '某个设置文件无法使用。在修复之前，上一个有效的策略继续生效。',
  columns: { setting: '设置项', value: '值', from: '来源' },
  origins: {
    'built-in': '内置',
    admin: '管理员的文件',
    user: '您自己的文件',
    'command-line': '--settings',
  },
  locked: '已锁定',
  observing: {
    title: '观察一段时间',
    what: '期间不拦截任何请求，“活动”页会显示哪些请求本会被拦截。到时自动结束。容器在此期间挂载的内容会保持挂载。',
    for: '观察 {{minutes}} 分钟',
  },
  edit: '您自己的设置',
  lockedBy: '策略由 {{file}} 锁定，这里无法更改。请联系管理该文件的人。',
  notThere: '该文件尚不存在，写入时会创建：',
  writes: '您写入的内容会保存到',
  beginWith: '从示例开始',
  choose: '选择示例……',
  presets: {
    'test-tools': '测试工具：LocalStack、Testcontainers 和 docker:cli，不含 push 和 build',
    buildpacks: '构建包：一个构建器镜像以及基于它构建的镜像',
    'every-image': '所有镜像，但只允许 ps、container* 和 volume*',
  },
  text: '您的设置文件',
  good: '没有错误。',
  difference: '写入后的变化',
  write: '写入并生效',
  discard: '放弃更改',
  undo: '撤销：载入之前的内容',
  written: '已写入 {{file}} 并生效。',
  notWritten: '未生效：{{problem}}',
};
