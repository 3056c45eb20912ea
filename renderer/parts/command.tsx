import { CopyButton } from './copy-button.tsx';

/** A command to run in a terminal, with the button that copies it. */
export function Command({ text }: { text: string }) {
  return (
    <div className="command">
      <pre>{text}</pre>
      <CopyButton text={text} />
    </div>
  );
}
