/** Which of several files is the network, and the head of tables. */
import { describe, expect, it } from 'vitest';
import { splitTitle } from '../../../../src/app/start/titles.ts';
import { fileTools, mainOf } from '../../../../src/app/tools/files.ts';

const file = (name: string, content: string): File => new File([content], name);

describe('mainOf', () => {
  it.each([
    [['Completeness_783.csv', 'Connectivity_783.parquet'], 'Connectivity_783.parquet'],
    [['nodes.csv', 'edges.csv'], 'edges.csv'],
    [
      ['circuit/node_types.csv', 'circuit/circuit_config.json', 'circuit/edges.h5'],
      'circuit/circuit_config.json',
    ],
    [['notes.txt', 'net.wetware.json'], 'net.wetware.json'],
    [['LEMS_sim.xml', 'cell.nml'], 'LEMS_sim.xml'],
    [['whatever'], 'whatever'],
    [[], ''],
  ])('%j: %s', (names, main) => {
    expect(mainOf(names)).toBe(main);
  });
});

describe('inspectFiles', () => {
  it('shows the head of a table and what its columns mean', async () => {
    const found = await fileTools.inspectFiles([
      file('nodes.csv', 'id,name\n7,a\n8,b\n'),
      file('edges.csv', 'pre,post,weight\n7,8,1\n8,7,-2\n'),
    ]);
    expect(found).toMatchObject({ main: 'edges.csv', neuronsFile: 'nodes.csv' });
    expect(found.table).toMatchObject({
      columns: ['pre', 'post', 'weight'],
      rows: [
        ['7', '8', '1'],
        ['8', '7', '-2'],
      ],
      mapping: { pre: 'pre', post: 'post', weight: 'weight' },
    });
  });

  it('leaves unknown columns to a person', async () => {
    const found = await fileTools.inspectFiles([file('a.csv', 'from,to\nx,y\n')]);
    expect(found.table).toMatchObject({ columns: ['from', 'to'], mapping: null, layout: '' });
  });

  it.each([
    ['empty.csv', ''],
    ['one.csv', 'alone\n1\n'],
    ['broken.parquet', 'PAR1 and nothing else PAR1'],
  ])('refuses %s in words', async (name, content) => {
    await expect(fileTools.inspectFiles([file(name, content)])).rejects.toThrow(name);
  });
});

describe('openFiles', () => {
  it('makes a network of mapped columns, with ids to search', async () => {
    const opened = await fileTools.openFiles(
      [file('a.csv', 'from,to,n\nleft,right,3\nright,left,-4\n')],
      'a.csv',
      { table: { columns: { pre: 'from', post: 'to', weight: 'n' } } },
    );
    expect(opened.format).toBe('connectome');
    const { labels } = opened;
    if (!labels) throw new Error('ids are missing');
    expect(await fileTools.findNeurons(labels, 'RIGHT', 5)).toEqual([{ index: 1, id: 'right' }]);
    expect(await fileTools.findNeurons(labels, 't', 5)).toHaveLength(2);
    expect(await fileTools.findNeurons(labels, '  ', 5)).toEqual([]);
    expect(await fileTools.idsOf(labels, [1, 0, 9])).toEqual(['right', 'left', '']);
  });
});

describe('titles', () => {
  it.each([
    ['COBA: 4000 neurons', 'COBA', '4000 neurons'],
    ['Plain', 'Plain', ''],
  ])('%s', (title, name, what) => {
    expect(splitTitle(title)).toEqual([name, what]);
  });
});
