import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, download } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { saveFile } from '#client/platform/save-file.ts';
import { listBoards } from '#shared/contracts/boards.ts';
import { exportPack, packCheckpoint } from '#shared/contracts/packs.ts';
import { readCheckpoint } from '#shared/contracts/review.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import type { PackInput } from './pack-choice.ts';

export type PackState =
  | { readonly state: 'idle' }
  | { readonly state: 'asking' }
  | { readonly state: 'receiving'; readonly got: number; readonly expected: number | null }
  | { readonly state: 'done'; readonly name: string; readonly bytes: number }
  | { readonly state: 'stopped' }
  | { readonly state: 'failed'; readonly error: unknown };

/** One pack at a time: asked for, received, saved; stopped when the person says so or the dialog goes. */
export function usePack(operationId: OperationId) {
  const [made, setMade] = useState<PackState>({ state: 'idle' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function make(input: PackInput): Promise<void> {
    const control = new AbortController();
    running.current = control;
    setMade({ state: 'asking' });
    try {
      const { blob, name } = await download(
        exportPack,
        { operationId, ...input },
        {
          signal: control.signal,
          onProgress: (got, expected) => setMade({ state: 'receiving', got, expected }),
        },
      );
      const saved = name ?? 'evidence-pack.zip';
      saveFile(blob, saved);
      setMade({ state: 'done', name: saved, bytes: blob.size });
    } catch (error) {
      setMade(control.signal.aborted ? { state: 'stopped' } : { state: 'failed', error });
    }
  }

  return {
    made,
    make,
    stop: () => running.current?.abort(),
    again: () => setMade({ state: 'idle' }),
  };
}

export function usePackBoards(operationId: OperationId) {
  return useQuery({
    queryKey: operationKey(operationId, 'pack-boards'),
    queryFn: ({ signal }) => api(listBoards, { operationId }, { signal }),
    gcTime: 0,
  });
}

/** What a pack rests on when nobody says otherwise, as it is now. [RC-80] */
export function usePackCheckpoint(operationId: OperationId) {
  return useQuery({
    queryKey: operationKey(operationId, 'pack-checkpoint'),
    queryFn: ({ signal }) => api(packCheckpoint, { operationId }, { signal }),
    refetchInterval: 10_000,
    gcTime: 0,
  });
}

/** The key that the recipient is to be given. */
export function useRecordKey(operationId: OperationId): string | null {
  const checkpoint = useQuery({
    queryKey: operationKey(operationId, 'record-key'),
    queryFn: ({ signal }) => api(readCheckpoint, { operationId }, { signal }),
  });
  return checkpoint.data?.vkey ?? null;
}
