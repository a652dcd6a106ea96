import { useText } from '#client/platform/text.ts';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import type { Me } from '#shared/contracts/identity.ts';
import type { OperationSummary } from '#shared/contracts/operations.ts';
import type { Actor } from '#shared/policy/can.ts';

import { CourseView } from './course-view.tsx';
import { lifecycleText } from './text.ts';

type Props = {
  readonly operation: OperationSummary;
  readonly actor: Actor;
  readonly me: Me;
  readonly onClose: () => void;
};

/** The course of an operation, over its room. */
export function CourseDialog({ operation, actor, me, onClose }: Props) {
  const say = useText('lifecycle', lifecycleText);
  return (
    <Dialog
      wide
      title={say('course.title', { name: operation.name })}
      onClose={onClose}
      closeLabel={say('close')}
    >
      <CourseView operationId={operation.id} actor={actor} me={me} />
    </Dialog>
  );
}
