import { useText } from '#client/platform/text.ts';
import { Select, TextField } from '#client/ui/controls/field.tsx';
import type { CompartmentId } from '#shared/kernel/ids.ts';
import {
  type EvaluationScale,
  evaluationScales,
  type Handling,
  handlingCodes,
  papLabels,
  tlpLabels,
} from '#shared/policy/markings.ts';
import styles from './forms.module.css';
import { indicatorsText } from './text.ts';

const grades: Readonly<Record<EvaluationScale, readonly string[]>> = {
  '4x4': gradesOf('ABCX', '1234'),
  admiralty: gradesOf('ABCDEF', '123456'),
};

function gradesOf(sources: string, contents: string): readonly string[] {
  return [...sources].flatMap((source) => [...contents].map((content) => source + content));
}

type Props = {
  readonly handling: Handling;
  readonly onHandling: (handling: Handling) => void;
  readonly compartment: CompartmentId;
  readonly onCompartment: (id: CompartmentId) => void;
  readonly compartments: readonly { readonly id: CompartmentId; readonly name: string }[];
};

/** Everything that travels with an item, set when it is entered. */
export function HandlingFields({ handling, onHandling, compartment, onCompartment, compartments }: Props) {
  const say = useText('indicators', indicatorsText);
  return (
    <div className={styles.grid}>
      <Select
        label={say('form.compartment')}
        value={compartment}
        onPick={onCompartment}
        options={compartments.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Select
        label={say('form.tlp')}
        value={handling.tlp}
        onPick={(tlp) => onHandling({ ...handling, tlp })}
        options={tlpLabels.map((label) => ({ value: label, label: `TLP:${label}` }))}
      />
      <Select
        label={say('form.pap')}
        value={handling.pap}
        onPick={(pap) => onHandling({ ...handling, pap })}
        options={papLabels.map((label) => ({ value: label, label: say(`pap.${label}`) }))}
      />
      <Select
        label={say('form.code')}
        value={handling.code}
        onPick={(code) => onHandling({ ...handling, code })}
        options={handlingCodes.map((code) => ({ value: code, label: say(`code.${code}`) }))}
      />
      <EvaluationFields handling={handling} onHandling={onHandling} />
      <div className={styles.whole}>
        <TextField
          label={say('form.caveat')}
          value={handling.caveat}
          maxLength={500}
          onChange={(event) => onHandling({ ...handling, caveat: event.target.value })}
        />
      </div>
    </div>
  );
}

function EvaluationFields({ handling, onHandling }: Pick<Props, 'handling' | 'onHandling'>) {
  const say = useText('indicators', indicatorsText);
  const { evaluation } = handling;
  const scales: readonly ('' | EvaluationScale)[] = ['', '4x4', 'admiralty'];
  const pickScale = (scale: '' | EvaluationScale) => {
    const grade = scale === '' ? '' : (grades[scale][5] ?? '');
    onHandling({ ...handling, evaluation: scale === '' ? null : { scale, grade } });
  };
  return (
    <>
      <Select
        label={say('form.scale')}
        value={evaluation?.scale ?? ''}
        onPick={pickScale}
        options={scales.map((scale) => ({
          value: scale,
          label: scale === '' ? say('form.scale-none') : scale,
        }))}
      />
      {evaluation ? (
        <Select
          label={say('form.grade')}
          value={evaluation.grade}
          onPick={(grade) => onHandling({ ...handling, evaluation: { ...evaluation, grade } })}
          options={grades[evaluation.scale]
            .filter((grade) => evaluationScales[evaluation.scale].test(grade))
            .map((grade) => ({ value: grade, label: grade }))}
        />
      ) : (
        <span />
      )}
    </>
  );
}
