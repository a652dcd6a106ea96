import { KindIcon } from '#client/ui/item/kind-icon.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import { type Card, type CardKind, cardKinds } from '#shared/board/card.ts';
import type { BoardCommands } from '../acts/use-commands.ts';
import { useBoard, useBoardsText, useSnapshot } from '../board-context.ts';
import { freeKinds } from '../card/kinds.ts';
import { readingOrder } from '../model/place.ts';
import { LinkFields } from './link-fields.tsx';
import styles from './panels.module.css';
import { PickDialog } from './pick-dialog.tsx';

export type OpenDialog =
  | { readonly open: 'new-card' }
  | { readonly open: 'connect' | 'links'; readonly card: string }
  | { readonly open: 'keys' };

type Props = {
  readonly dialog: OpenDialog;
  readonly commands: BoardCommands;
  readonly onClose: () => void;
};

export function BoardDialogs({ dialog, commands, onClose }: Props) {
  const { desk } = useBoard();
  const { cards } = useSnapshot(desk);
  if (dialog.open === 'new-card') return <NewCardDialog commands={commands} onClose={onClose} />;
  if (dialog.open === 'keys') return <KeysDialog onClose={onClose} />;
  const card = cards.get(dialog.card);
  if (!card) return null;
  if (dialog.open === 'links') return <LinksDialog card={card} onClose={onClose} />;
  return <ConnectDialog card={card} commands={commands} onClose={onClose} />;
}

function NewCardDialog({ commands, onClose }: Omit<Props, 'dialog'>) {
  const say = useBoardsText();
  const choices = freeKinds.map((kind) => ({
    id: kind,
    words: say(`kind_${kind}`),
    icon: <KindIcon kind={kind} size={15} />,
  }));
  const pick = (id: string) => {
    const kind = cardKinds.find((one): one is CardKind => one === id);
    onClose();
    if (kind) commands.addCard(kind);
  };
  return (
    <PickDialog
      title={say('pickKind')}
      filterLabel={say('pickKindFilter')}
      choices={choices}
      onPick={pick}
      onClose={onClose}
    />
  );
}

function ConnectDialog({ card, commands, onClose }: Omit<Props, 'dialog'> & { readonly card: Card }) {
  const { desk } = useBoard();
  const say = useBoardsText();
  const { cards } = useSnapshot(desk);
  const others = readingOrder(cards.values()).filter((one) => one.id !== card.id);
  const choices = others.map((one) => ({
    id: one.id,
    words: nameOf(one) || say('untitled'),
    icon: <KindIcon kind={one.kind} size={15} />,
    right: <Tlp label={one.tlp} />,
  }));
  const pick = (id: string) => {
    onClose();
    commands.connect(card.id, id);
  };
  return (
    <PickDialog
      title={say('pickTarget', { title: nameOf(card) || say('untitled') })}
      filterLabel={say('pickTargetFilter')}
      choices={choices}
      onPick={pick}
      onClose={onClose}
    />
  );
}

function LinksDialog({ card, onClose }: { readonly card: Card; readonly onClose: () => void }) {
  const { desk } = useBoard();
  const say = useBoardsText();
  const { links, cards } = useSnapshot(desk);
  const own = [...links.values()].filter((link) => link.from === card.id || link.to === card.id);
  const name = (id: string) => {
    const found = cards.get(id);
    return (found && nameOf(found)) || say('untitled');
  };
  return (
    <Dialog title={say('linksOf', { title: name(card.id) })} closeLabel={say('close')} onClose={onClose}>
      {own.length === 0 && <p className={styles.none}>{say('noLinks')}</p>}
      <ul className={styles.links}>
        {own.map((link) => (
          <li key={link.id}>
            <span className={styles.between}>
              {say('linkBetween', { from: name(link.from), to: name(link.to) })}
            </span>
            <LinkFields link={link} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const keys = [
  ['Tab', 'key_tab'],
  ['← ↑ → ↓', 'key_arrows'],
  ['Enter', 'key_enter'],
  ['Esc', 'key_esc'],
  ['Del', 'key_del'],
  ['N', 'key_n'],
  ['C', 'key_c'],
  ['L', 'key_l'],
  ['F', 'key_f'],
  ['Ctrl Z, Ctrl Y', 'key_undo'],
  ['Ctrl A', 'key_all'],
  ['0, +, −', 'key_zoom'],
  ['H', 'key_h'],
] as const;

function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const say = useBoardsText();
  return (
    <Dialog title={say('keys')} closeLabel={say('close')} onClose={onClose}>
      <dl className={styles.keys}>
        {keys.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{say(words)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function nameOf(card: Card): string {
  return card.title || card.text.slice(0, 60);
}
