/** Panel Neurons: find some by id, activate or silence them, and see which others respond. */
import './neurons.css';
import '../build/build.css';
import { useApp } from '../shell/context.ts';
import { Find } from './Find.tsx';
import { Groups } from './Groups.tsx';
import { Responders } from './Responders.tsx';
import { Trials } from './Trials.tsx';

export default function Neurons() {
  const app = useApp();
  const info = app.session.info.value;
  if (!info) return null;
  return (
    <div class="neurons">
      <div class="neurons-side">
        <Find info={info} />
        <Groups />
      </div>
      <Responders info={info} />
      <Trials info={info} />
    </div>
  );
}
