import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';

const SHOWN_MS = 3_000;

type Outcome = 'copied' | 'notCopied';

/** Copies a text and says what came of it. `label` names what is copied where "Copy" alone would not. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      // The browser refuses while another window has the focus, or by its settings.
      () => setOutcome('notCopied'),
    );
  return (
    <Button className="button" onPress={() => void copy()}>
      {outcome === undefined ? (label ?? t('common.copy')) : t(`common.${outcome}`)}
    </Button>
  );
}
