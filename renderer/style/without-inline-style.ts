/** react-aria writes this element itself unless it is there, with one rule in it; base.css has the rule. */
const PRESSABLE_STYLE = 'react-aria-pressable-style';

/** Keeps the component library from writing a style element, which the Content-Security-Policy forbids. */
export function withoutInlineStyle(): void {
  const mark = document.createElement('meta');
  mark.id = PRESSABLE_STYLE;
  document.head.append(mark);
}
