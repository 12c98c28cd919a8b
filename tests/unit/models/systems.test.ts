/** The pages of systems beside the models: every parameter of every model stands there, with its default. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Model, models } from '../../../src/models/index.ts';

const pages: readonly { page: string; described: readonly Model[] }[] = [
  { page: 'homeostasis', described: [models.calciumHomeostasis, models.conductanceControl] },
  {
    page: 'dopamine',
    described: [
      models.dopamineSynthesis,
      models.occupancy,
      models.dopamineOccupancy,
      models.competition,
      models.cyclicAmpD1,
      models.cyclicAmpD2,
      models.modulation,
      models.modulatedSynapse,
      models.dopamineTerminal,
    ],
  },
  {
    page: 'acetylcholine',
    described: [
      models.acetylcholineSynthesis,
      models.cholineLeakage,
      models.esterase,
      models.esteraseLumped,
      models.volumeAcetylcholine,
      models.nicotinic,
      models.nicotinicAllosteric,
      models.muscarinic,
      models.mCurrent,
    ],
  },
  {
    page: 'receptors',
    described: [
      models.ampa,
      models.nmda,
      models.gabaA,
      models.gabaB,
      models.ampaStates,
      models.nmdaStates,
      models.gabaAStates,
      models.gabaBStates,
      models.cleft,
    ],
  },
  { page: 'glutamate', described: [models.glutamateCycle] },
  { page: 'expression', described: [models.crebDrive, models.geneExpression] },
  {
    page: 'neuron',
    described: [
      models.axonCompartment,
      models.passiveCompartment,
      models.adexDendrite,
      models.pinskyRinzelAxon,
      models.gapJunction,
      models.hhKv,
    ],
  },
  {
    page: 'release',
    described: [
      models.tsodyksMarkram,
      models.quantal,
      models.residualCalcium,
      models.releaseChain,
      models.allostericSensor,
      models.fiveSiteSensor,
      models.dualSensor,
    ],
  },
  { page: 'transport', described: [models.transportDelay, models.sushiBelt] },
];

it.each(pages)('$page: every parameter and source is there', ({ page, described }) => {
  const text = readFileSync(`src/models/systems/${page}.md`, 'utf8');
  for (const { name: model, params, source } of described) {
    for (const [name, { value, doc }] of Object.entries(params)) {
      // The links of a belt are all alike.
      if (model === 'sushi-belt') continue;
      const rows = text.split('\n').filter((line) => line.startsWith(`| \`${name}\` | ${value} |`));
      expect(rows.join('\n'), `row of ${name}`).toContain(doc);
    }
    for (const doi of source.match(/doi:\S+?(?=[,;]?(\s|$))/g) ?? []) expect(text).toContain(doi);
  }
});

const FOLDER = 'src/models/systems';
const written = readdirSync(FOLDER).filter((file) => file.endsWith('.md') && file !== 'README.md');
/** The biomedical bench draws its pictures itself, of every comparison. */
const all = written.filter((file) => file !== 'biomedical.md');

it('the index names every page, and no other', () => {
  const index = readFileSync(`${FOLDER}/README.md`, 'utf8');
  const linked = [...index.matchAll(/^\| \[[\w-]+\]\(([\w-]+\.md)\)/gm)].map(([, page]) => page);
  expect(linked.toSorted()).toEqual(written.toSorted());
});

it.each(all)('%s: has a picture, with words for those who do not see it', (file) => {
  const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
  const pictures = [...text.matchAll(/!\[([^\]]*)\]\(([^)]*)\)/g)];
  expect(pictures.length).toBeGreaterThan(0);
  for (const [, words = '', path = ''] of pictures) {
    expect(words.length, path).toBeGreaterThan(40);
    expect(existsSync(`${FOLDER}/${path}`), path).toBe(true);
  }
});
