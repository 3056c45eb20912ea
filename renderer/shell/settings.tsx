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
import { StateWord } from '../parts/state-word.tsx';
import { type Switch, useStartUp } from './use-start-up.ts';

/** What belongs to this user and not to the policy: appearance, language, and how the app starts. */
export function Settings() {
  const { t } = useTranslation();
  return (
    <MenuTrigger>
      <Button className="icon-button" aria-label={t('settings.label')}>
        <span aria-hidden="true">◐</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <SettingsMenu />
      </Popover>
    </MenuTrigger>
  );
}

/** What is shown follows what Lockkeeper then tells every window. */
function SettingsMenu() {
  const { t } = useTranslation();
  const connection = useConnection();
  const chosen = usePreferences() ?? defaultPreferences;
  const startUp = useStartUp();
  const choose = (change: PreferencesChange) => void connection.request('setPreferences', change);
  return (
    <>
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
        {startUp.switches.length > 0 && <Switches name={t('settings.start')} switches={startUp.switches} />}
      </Menu>
      {startUp.problem !== undefined && (
        <p className="menu-problem" role="alert">
          <StateWord tone="bad">{t('settings.notDone', { problem: startUp.problem })}</StateWord>
        </p>
      )}
    </>
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

/** Several that are each on or off, as a section of a menu, which stays open: one of them may not be done. */
function Switches({ name, switches }: { readonly name: string; readonly switches: readonly Switch[] }) {
  const { t } = useTranslation();
  const on = switches.filter(({ isOn }) => isOn);
  return (
    <MenuSection
      selectionMode="multiple"
      shouldCloseOnSelect={false}
      selectedKeys={on.map(({ id }) => id)}
      onSelectionChange={(keys) => {
        const changed = switches.find(({ id, isOn }) => keys !== 'all' && keys.has(id) !== isOn);
        changed?.set(!changed.isOn);
      }}
    >
      <SectionName>{name}</SectionName>
      {switches.map(({ id }) => (
        <MenuItem key={id} id={id}>
          {t(`settings.starts.${id}`)}
        </MenuItem>
      ))}
    </MenuSection>
  );
}
