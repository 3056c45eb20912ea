import axe from 'axe-core';
import type { Page } from 'playwright';

/** What axe finds wrong with the page by WCAG 2.2 A and AA, each in one line. */
export async function barriers(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, which the page's Content-Security-Policy does not bind.
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe: run } = globalThis as unknown as { axe: typeof axe };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    return (await run.run({ runOnly: { type: 'tag', values: tags } })).violations;
  });
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`));
}
