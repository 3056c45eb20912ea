import './digest.css';

const SHOWN = 6;

/** A digest shortened in the middle; the whole of it on hover, to screen readers, and when it is copied. */
export function Digest({ value }: { value: string }) {
  const [algorithm, hash] = value.includes(':') ? value.split(':', 2) : ['', value];
  if (hash === undefined || hash.length <= SHOWN * 2 + 1) return <code>{value}</code>;
  const copy = (event: React.ClipboardEvent) => {
    event.clipboardData.setData('text/plain', value);
    event.preventDefault();
  };
  return (
    <code className="digest" title={value} onCopy={copy}>
      <span aria-hidden="true">
        {algorithm !== '' && `${algorithm}:`}
        {hash.slice(0, SHOWN)}…{hash.slice(-SHOWN)}
      </span>
      <span className="only-heard">{value}</span>
    </code>
  );
}
