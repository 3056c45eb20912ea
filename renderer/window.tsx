import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { bridgeHere, overBridge } from './connection/over-bridge.ts';
import { overWebSocket } from './connection/over-websocket.ts';
import { reconnecting } from './connection/reconnecting.ts';
import { ConnectionProvider } from './live/live.tsx';
import { takeProof } from './shell/proof.ts';
import { Shell } from './shell/shell.tsx';
import './style/theme.css';
import './style/base.css';
import './style/panel.css';
import './style/sections.css';
import './style/table.css';
import './style/toolbar.css';
import { withoutInlineStyle } from './style/without-inline-style.ts';
import { startTexts } from './texts/texts.ts';

withoutInlineStyle();
const bridge = bridgeHere();
const connection = reconnecting(
  bridge === undefined ? overWebSocket(window.location, takeProof()) : overBridge(bridge),
);
await startTexts();

const root = document.getElementById('window');
if (root === null) throw new Error('index.html has no element with the id "window"');
createRoot(root).render(
  <StrictMode>
    <ConnectionProvider connection={connection}>
      <Shell />
    </ConnectionProvider>
  </StrictMode>,
);
