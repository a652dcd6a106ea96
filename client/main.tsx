import '#client/platform/strict-zod.ts';
import '#client/ui/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from '#client/app/app.tsx';
import { startText } from '#client/platform/text.ts';
import { startTheme } from '#client/platform/theme.ts';

startTheme();
await startText();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
