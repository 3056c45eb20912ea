import {
  Button,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Header as SectionName,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { defaultPreferences, languageChoices, type PreferencesChange, themes } from '../../shared/ipc/preferences.ts';
import { useConnection, usePreferences } from '../live/live.tsx';

/** Theme and language, which belong to this user and not to the policy. */
export function Settings() {
  const { t } = useTranslation();
  const connection = useConnection();
  const chosen = usePreferences() ?? defaultPreferences;
  // What is shown follows what Lockkeeper then tells every window.
  const choose = (change: PreferencesChange) => void connection.request('setPreferences', change);
  return (
    <MenuTrigger>
      <Button className="icon-button" aria-label={t('settings.label')}>
        <span aria-hidden="true">◐</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={t('settings.label')}>
          <Choice
            name={t('settings.theme')}
            options={themes.map((value) => ({ value, words: t(`settings.themes.${value}`) }))}
            chosen={chosen.theme}
            choose={(theme) => choose({ theme })}
          />
          <Choice
            name={t('settings.language')}
            options={languageChoices.map((value) => ({ value, words: t(`settings.languages.${value}`) }))}
            chosen={chosen.language}
            choose={(language) => choose({ language })}
          />
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly options: readonly { readonly value: Value; readonly words: string }[];
  readonly chosen: Value;
  readonly choose: (value: Value) => void;
}

/** One of several, as a section of a menu. */
function Choice<Value extends string>({ name, options, chosen, choose }: ChoiceProps<Value>) {
  // A menu wants different keys in all of its sections, and several have a "system".
  const key = (value: Value) => `${name}/${value}`;
  return (
    <MenuSection
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[key(chosen)]}
      onSelectionChange={(keys) => {
        const next = options.find(({ value }) => keys !== 'all' && keys.has(key(value)));
        if (next !== undefined) choose(next.value);
      }}
    >
      <SectionName>{name}</SectionName>
      {options.map(({ value, words }) => (
        <MenuItem key={value} id={key(value)}>
          {words}
        </MenuItem>
      ))}
    </MenuSection>
  );
}
