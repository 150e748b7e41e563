import '@ui/tokens.css';
import '@ui/base.css';
import '@ui/components.css';
import './shell/shell.css';
import './conversation/conversation.css';
import './work/work.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from './app';
import { startLanguage } from './i18n';
import { queryClient } from './query-client';
import { applyRememberedAppearance } from './shell/appearance';

applyRememberedAppearance();
await startLanguage();

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  );
