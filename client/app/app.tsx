import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';

import { queryClient } from '#client/platform/query-client.ts';
import { useText } from '#client/platform/text.ts';
import { Toasts } from '#client/ui/overlays/toast.tsx';
import { router } from './routes.tsx';
import { appText } from './text.ts';

export function App() {
  const say = useText('app', appText);
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts closeLabel={say('close')} />
    </QueryClientProvider>
  );
}
