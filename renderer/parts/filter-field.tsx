interface FilterFieldProps {
  /** What it looks through; said to those who cannot see the hint. */
  readonly label: string;
  readonly text: string;
  readonly change: (text: string) => void;
}

/** Narrows a list with each letter. */
export function FilterField({ label, text, change }: FilterFieldProps) {
  return (
    <input
      type="search"
      className="field toolbar-search"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => change(event.target.value)}
    />
  );
}
