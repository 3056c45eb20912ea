import { Message, type MessageBus, sessionBus, Variant } from '@jellybrick/dbus-next';

const WATCHER = 'org.kde.StatusNotifierWatcher';

/** An item of a menu as `com.canonical.dbusmenu` has it: its number, its properties, and the items below it. */
type Layout = readonly [number, Readonly<Record<string, Variant>>, readonly Variant<Layout>[]];

export interface TrayItem {
  /** A property of the item, such as `Status` or `IconPixmap`. */
  property(name: string): Promise<unknown>;
  /** The labels of its menu; a separator has none. */
  menu(): Promise<readonly string[]>;
  click(label: string): Promise<void>;
}

/** A tray as desktops have it: takes icons that programs register (freedesktop's StatusNotifierItem). */
export interface TrayHost {
  /** Resolves when a program has registered its icon. */
  readonly item: Promise<TrayItem>;
  close(): void;
}

/** What the watcher says of itself: it is there, with somebody who shows icons. */
const properties: Readonly<Record<string, Variant>> = {
  ProtocolVersion: new Variant('i', 0),
  IsStatusNotifierHostRegistered: new Variant('b', true),
  RegisteredStatusNotifierItems: new Variant('as', []),
};

export async function openTrayHost(address: string): Promise<TrayHost> {
  const bus = sessionBus({ busAddress: address });
  const registered = new Promise<string>((resolve) => {
    bus.addMethodHandler((message) => {
      if (message.path !== '/StatusNotifierWatcher') return false;
      const [first = '', second = ''] = message.body.map(String);
      if (message.member === 'Get') bus.send(Message.newMethodReturn(message, 'v', [properties[second]]));
      else if (message.member === 'GetAll') bus.send(Message.newMethodReturn(message, 'a{sv}', [properties]));
      else bus.send(Message.newMethodReturn(message, '', []));
      // Programs register by their name on the bus, or by a path behind the one that they send from.
      if (message.member === 'RegisterStatusNotifierItem') resolve(first.startsWith('/') ? message.sender : first);
      return true;
    });
  });
  await bus.requestName(WATCHER, 0);
  return { item: registered.then((service) => trayItem(bus, service)), close: () => bus.disconnect() };
}

async function trayItem(bus: MessageBus, destination: string): Promise<TrayItem> {
  const call = async (path: string, member: string, signature: string, body: readonly unknown[]) => {
    const [from, name] = [member.slice(0, member.lastIndexOf('.')), member.slice(member.lastIndexOf('.') + 1)];
    const reply = await bus.call(
      new Message({ destination, path, interface: from, member: name, signature, body: [...body] }),
    );
    return reply?.body ?? [];
  };
  const property = async (name: string) => {
    const names = ['org.kde.StatusNotifierItem', name];
    const [value] = await call('/StatusNotifierItem', 'org.freedesktop.DBus.Properties.Get', 'ss', names);
    return (value as Variant).value;
  };
  const menu = String(await property('Menu'));
  const items = async () => {
    const [, layout] = await call(menu, 'com.canonical.dbusmenu.GetLayout', 'iias', [0, -1, []]);
    const [, , below] = layout as Layout;
    return below.map(({ value: [id, { label }] }) => ({ id, label: shownLabel(label) }));
  };
  return {
    property,
    menu: async () => (await items()).map(({ label }) => label),
    async click(label) {
      const item = (await items()).find((one) => one.label === label);
      if (item === undefined) throw new Error(`no item '${label}' in the menu`);
      await call(menu, 'com.canonical.dbusmenu.Event', 'isvu', [item.id, 'clicked', new Variant('s', ''), 0]);
    },
  };
}

/** As a tray shows it: one `_` marks the letter behind it, and two stand for one. */
function shownLabel(label: Variant | undefined): string {
  return String(label?.value ?? '').replace(/_(_?)/g, '$1');
}
