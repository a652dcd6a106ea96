import { usualHandling } from '#client/ui/item/marking.tsx';
import type { Handling } from '#shared/policy/markings.ts';
import { type Draft, emptyDraft } from './draft.ts';
import type { ChatSlots } from './slots.ts';
import { useEdit, usePost } from './use-chat.ts';

/** Posts the draft, or saves the edit. The box is emptied only by the hub's yes. */
export function useSendDraft(slots: ChatSlots, draft: Draft, change: (next: Partial<Draft>) => void) {
  const post = usePost(slots.operationId);
  const edit = useEdit(slots.operationId);
  const sending = draft.editing ? edit : post;
  const send = () => {
    const said = {
      text: draft.text,
      mentions: mentionsIn(draft.text, slots),
      references: [...draft.references],
    };
    const sent = { text: '', references: [], replyTo: null, editing: null };
    if (draft.editing) {
      edit.mutate({ ...said, messageId: draft.editing.id }, { onSuccess: () => change(sent) });
      return;
    }
    const compartment = draft.compartment ?? usualCompartment(slots);
    if (!compartment) return;
    const handling: Handling = { ...usualHandling, tlp: draft.tlp };
    const replyTo = draft.replyTo?.id ?? null;
    // The marking is chosen for each message: the next one starts from the usual again.
    const done = () => change({ ...sent, tlp: emptyDraft.tlp });
    post.mutate({ ...said, compartment, handling, replyTo }, { onSuccess: done });
  };
  return { send, sending };
}

/** `main` for those who receive it, otherwise the only one there is. */
export function usualCompartment(slots: ChatSlots) {
  return (slots.compartments.find((each) => each.name === 'main') ?? slots.compartments[0])?.id ?? null;
}

function mentionsIn(text: string, slots: ChatSlots) {
  const handles = new Set([...text.matchAll(/@([\w.-]*\w)/g)].map((found) => found[1]));
  return slots.people.filter((person) => handles.has(person.handle)).map((person) => person.officer);
}
