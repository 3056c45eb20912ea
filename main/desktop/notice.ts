import { catalogues, type Language } from '../../shared/texts/catalogues.ts';

/** Why there is no Lockkeeper behind the window: it could not start, or could not go on. */
export interface Notice {
  readonly kind: 'title' | 'ended';
  /** The reason with its remedy, as the command line says it. */
  readonly message: string;
}

/** A page without script that says so. `styles` are paths of the window's style sheets. */
export function noticePage({ kind, message }: Notice, language: Language, styles: readonly string[]): string {
  const texts = catalogues[language].translation.desktop.notStarted;
  const links = styles.map((path) => `<link rel="stylesheet" href="${escaped(path)}" />`);
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <meta name="color-scheme" content="light dark" />
    <title>Lockkeeper</title>
    ${links.join('\n    ')}
  </head>
  <body class="notice">
    <main>
      <h1>${escaped(texts[kind])}</h1>
      <p role="alert">${escaped(message)}</p>
      <p>${escaped(texts.consequence)}</p>
      <p>${escaped(texts.again)}</p>
    </main>
  </body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Messages have paths in them, which may be called anything. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
