import { useState } from 'react';

import type { CompartmentId, OperationId } from '#shared/kernel/ids.ts';
import { ImportPreview } from './import-preview.tsx';
import { ImportSource } from './import-source.tsx';
import type { Preview } from './use-import.ts';

type Props = {
  readonly operationId: OperationId;
  readonly compartments: readonly { readonly id: CompartmentId; readonly name: string }[];
  readonly onClose: () => void;
};

/** First what would become of each row, then the writing. */
export function ImportDialog(props: Props) {
  const [preview, setPreview] = useState<Preview | null>(null);
  if (!preview) return <ImportSource {...props} onPreview={setPreview} />;
  return <ImportPreview {...props} preview={preview} onBack={() => setPreview(null)} />;
}
