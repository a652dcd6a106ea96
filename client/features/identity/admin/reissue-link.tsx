import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { OfficerId } from '#shared/kernel/ids.ts';
import { EnrolmentLink } from './enrolment-link.tsx';
import { adminText } from './text.ts';
import { useIssueEnrolment } from './use-admin.ts';

type Props = {
  readonly officer: { readonly id: OfficerId; readonly name: string };
  readonly onClose: () => void;
};

export function ReissueLink({ officer, onClose }: Props) {
  const say = useText('admin', adminText);
  const issue = useIssueEnrolment();
  const { name } = officer;
  if (issue.data) return <EnrolmentLink name={name} link={issue.data} onClose={onClose} />;
  return (
    <Dialog
      title={say('reissue.title', { name })}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="danger" busy={issue.isPending} onClick={() => issue.mutate(officer.id)}>
            {say('reissue.submit')}
          </Button>
        </>
      }
    >
      <p>{say('reissue.says', { name })}</p>
      <Trouble error={issue.error} />
    </Dialog>
  );
}
