import type { SameTexts } from '../catalogue.ts';
import type { desktop as english } from '../en/desktop.ts';

export const desktop: SameTexts<typeof english> = {
  notStarted: {
    title: 'Lockkeeper 未能启动',
    consequence: '在它运行之前，指向 Lockkeeper 的 Docker 工具得不到任何应答。',
    again: '请排除上述问题，然后再次启动 Lockkeeper：此窗口会自动继续。',
    ended: 'Lockkeeper 已停止',
  },
};
