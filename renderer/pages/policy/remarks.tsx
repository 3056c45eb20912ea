import type { PolicyDescription } from '../../../shared/ipc/policy.ts';
import { StateWord, type Tone } from '../../parts/state-word.tsx';

type Remark = PolicyDescription['problems'][number];

interface RemarksProps {
  readonly remarks: readonly Remark[];
  readonly tone: Tone;
  /** Goes to the place in an editor; without it the place is text. */
  readonly goTo?: (line: number, column: number) => void;
}

/** What is wrong in a settings file, or worth knowing, each with its place. */
export function Remarks({ remarks, tone, goTo }: RemarksProps) {
  return (
    remarks.length > 0 && (
      <ul className="remarks" lang="en">
        {remarks.map((remark) => (
          <li key={`${remark.file}:${remark.line}:${remark.column}:${remark.text}`}>
            <StateWord tone={tone}>
              <Place remark={remark} goTo={goTo} /> {remark.text}
            </StateWord>
          </li>
        ))}
      </ul>
    )
  );
}

function Place({ remark: { file, line, column }, goTo }: { remark: Remark; goTo: RemarksProps['goTo'] }) {
  if (line === undefined || column === undefined) return <code>{file}:</code>;
  if (goTo === undefined) return <code>{`${file}:${line}:${column}:`}</code>;
  return (
    <button type="button" className="link" onClick={() => goTo(line, column)}>
      <code>{`${line}:${column}`}</code>
    </button>
  );
}
