import { createBrowserRouter } from 'react-router';

import { BrokenPage, MissingPage } from './broken-page.tsx';

/** Each page is loaded when it is gone to: signing in brings neither board nor register. */
export const router = createBrowserRouter([
  {
    ErrorBoundary: BrokenPage,
    HydrateFallback: () => null,
    children: [
      {
        path: '/sign-in',
        lazy: async () => ({ Component: (await import('./sign-in-page.tsx')).SignInPage }),
      },
      {
        path: '/enrol',
        lazy: async () => ({ Component: (await import('./enrol-page.tsx')).EnrolPage }),
      },
      {
        lazy: async () => ({ Component: (await import('./signed-in.tsx')).SignedIn }),
        children: [
          {
            lazy: async () => ({ Component: (await import('./page-shell.tsx')).PageShell }),
            children: [
              {
                index: true,
                lazy: async () => ({
                  Component: (await import('#client/features/operations/operations-screen.tsx'))
                    .OperationsScreen,
                }),
              },
              {
                path: 'admin',
                lazy: async () => ({
                  Component: (await import('#client/features/identity/admin/admin-screen.tsx')).AdminScreen,
                }),
              },
            ],
          },
          {
            path: 'o/:operationId',
            lazy: async () => ({ Component: (await import('./room/room-page.tsx')).RoomPage }),
            children: [
              {
                index: true,
                lazy: async () => ({ Component: (await import('./room/room-screen.tsx')).RoomScreen }),
              },
              {
                path: 'review',
                lazy: async () => ({ Component: (await import('./room/review-place.tsx')).ReviewPlace }),
              },
            ],
          },
        ],
      },
      { path: '*', Component: MissingPage },
    ],
  },
]);
