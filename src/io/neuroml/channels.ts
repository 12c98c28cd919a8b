/**
 * Conductance-based cells of one compartment, and the ion channels they refer to: passive ones, and Hodgkin–Huxley
 * gates with forward and reverse rates. Other gates and cells with several segments are refused.
 */
import type { CellText } from './cells.ts';
import { numberOf, positiveOf, quantityOf } from './quantities.ts';
import { refuseElement, type XmlElement } from './xml.ts';

/** Finds the channel that an element refers to, and gives names that equations can use. */
export interface ChannelOf {
  readonly component: (id: string | undefined, by: XmlElement) => XmlElement;
  readonly nameOf: (id: string) => string;
}

/** Conductances of one kind of channel in a cell. */
interface Channels {
  readonly element: XmlElement;
  /** "g_na*m_na**3" without the gates: the largest conductance, of the cell or per area. */
  readonly conductance: string | number;
}

/** `pointCellCondBased`, and `cell` with a morphology of one segment. */
export function conductanceCell(cell: XmlElement, channelOf: ChannelOf): CellText {
  return cell.name === 'cell' ? segmentCell(cell, channelOf) : pointCell(cell, channelOf);
}

function pointCell(cell: XmlElement, channelOf: ChannelOf): CellText {
  const channels = cell.children.filter(isContent).map((element): Channels => {
    if (element.name !== 'channelPopulation')
      refuseElement(element, 'is not supported in this cell.');
    const channel = channelOf.component(element.attributes.get('ionChannel'), element);
    const number = numberOf(element, 'number', 'none');
    const single = numberOf(channel, 'conductance', 'conductance');
    return { element, conductance: `${Number((number * single).toPrecision(15))} nS` };
  });
  return assemble(channels, channelOf, {
    C: positiveOf(cell, 'C', 'capacitance'),
    v0: quantityOf(cell, 'v0', 'voltage'),
    thresh: quantityOf(cell, 'thresh', 'voltage'),
  });
}

const isContent = ({ name }: XmlElement): boolean =>
  !['notes', 'annotation', 'property'].includes(name);

function segmentCell(cell: XmlElement, channelOf: ChannelOf): CellText {
  const [morphology] = childrenOf(cell, 'morphology');
  const [biophysics] = childrenOf(cell, 'biophysicalProperties');
  const [membrane] = biophysics === undefined ? [] : childrenOf(biophysics, 'membraneProperties');
  if (morphology === undefined || membrane === undefined) {
    return refuseElement(cell, 'needs its morphology and biophysicalProperties inside.');
  }
  const segments = childrenOf(morphology, 'segment');
  const [segment] = segments;
  if (segment === undefined || segments.length > 1) {
    return refuseElement(
      cell,
      `has ${segments.length} segments; only point neurons, with one, are supported.`,
    );
  }
  const area = areaOf(segment);
  const channels: Channels[] = [];
  const values = new Map<string, XmlElement>();
  for (const element of membrane.children.filter(isContent)) {
    if (element.name === 'channelDensity') {
      const density = numberOf(element, 'condDensity', 'conductanceDensity');
      // 1 mS/cm2 is 0.01 nS/um2.
      const conductance = `${Number((density * area * 0.01).toPrecision(15))} nS`;
      channels.push({ element, conductance });
    } else if (['spikeThresh', 'specificCapacitance', 'initMembPotential'].includes(element.name)) {
      values.set(element.name, element);
    } else refuseElement(element, 'is not supported in this cell.');
  }
  const value = (name: string): XmlElement =>
    values.get(name) ?? refuseElement(membrane, `needs ${name}.`);
  const density = numberOf(value('specificCapacitance'), 'value', 'capacitanceDensity');
  if (!(density > 0)) refuseElement(value('specificCapacitance'), 'must be above 0.');
  return assemble(channels, channelOf, {
    C: `${Number((density * area * 0.01).toPrecision(15))} pF`,
    v0: quantityOf(value('initMembPotential'), 'value', 'voltage'),
    thresh: quantityOf(value('spikeThresh'), 'value', 'voltage'),
  });
}

const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name);

/** Surface of a segment, um2: a sphere where both ends are the same, else the side of a truncated cone. */
function areaOf(segment: XmlElement): number {
  const end = (name: string): readonly number[] => {
    const [point] = childrenOf(segment, name);
    if (point === undefined) return refuseElement(segment, `needs its ${name} point.`);
    return ['x', 'y', 'z', 'diameter'].map((key) => numberOf(point, key, 'none'));
  };
  const [px = 0, py = 0, pz = 0, pd = 0] = end('proximal');
  const [dx = 0, dy = 0, dz = 0, dd = 0] = end('distal');
  const length = Math.hypot(px - dx, py - dy, pz - dz);
  const isSphere = length === 0 && pd === dd;
  const area = isSphere
    ? Math.PI * pd * pd
    : (Math.PI / 2) * (pd + dd) * Math.hypot((pd - dd) / 2, length);
  if (!(area > 0)) refuseElement(segment, 'has no surface.');
  return area;
}

function assemble(
  channels: readonly Channels[],
  channelOf: ChannelOf,
  params: Record<string, string | number>,
): CellText {
  const lines: string[] = [];
  const currents: string[] = [];
  const initial: Record<string, string> = { v: 'v0' };
  for (const { element, conductance } of channels) {
    const id = element.attributes.get('id') ?? refuseElement(element, 'needs an id.');
    const name = channelOf.nameOf(id);
    const gates = gatesOf(channelOf.component(element.attributes.get('ionChannel'), element), name);
    params[`g_${name}`] = conductance;
    params[`e_${name}`] = quantityOf(element, 'erev', 'voltage');
    const open = gates.map((gate) => `*${gate.power}`).join('');
    currents.push(`g_${name}${open}*(e_${name} - v)`);
    for (const gate of gates) {
      lines.push(...gate.lines);
      initial[gate.variable] =
        `alpha_${gate.variable}/(alpha_${gate.variable} + beta_${gate.variable})`;
    }
  }
  return {
    lines: [`dv/dt = (${[...currents, 'i_in'].join(' + ')})/C : volt`, ...lines],
    params,
    initial,
    threshold: 'v > thresh',
    refractory: 'v > thresh',
    method: 'rk4',
    accepts: 'current',
  };
}

interface Gate {
  readonly variable: string;
  readonly power: string;
  readonly lines: readonly string[];
}

function gatesOf(channel: XmlElement, name: string): readonly Gate[] {
  if (!['ionChannelHH', 'ionChannel', 'ionChannelPassive'].includes(channel.name)) {
    refuseElement(channel, 'is not supported. Supported: ionChannelHH, ionChannelPassive.');
  }
  return channel.children.filter(isContent).map((gate): Gate => {
    const type = gate.name === 'gate' ? gate.attributes.get('type') : gate.name;
    if (type !== 'gateHHrates') refuseElement(gate, 'is not supported. Supported: gateHHrates.');
    const variable = `${gate.attributes.get('id')?.replace(/[^A-Za-z0-9]/g, '') || 'gate'}_${name}`;
    const instances = numberOf(gate, 'instances', 'none', 1);
    if (!Number.isInteger(instances) || instances < 0 || instances > 100) {
      refuseElement(gate, 'must have a whole number of instances.');
    }
    const [alpha, beta] = ['forwardRate', 'reverseRate'].map((rate) => rateOf(gate, rate));
    return {
      variable,
      power: instances === 1 ? variable : `${variable}**${instances}`,
      lines: [
        `d${variable}/dt = alpha_${variable}*(1 - ${variable}) - beta_${variable}*${variable} : 1`,
        `alpha_${variable} = ${alpha} : hertz`,
        `beta_${variable} = ${beta} : hertz`,
      ],
    };
  });
}

function rateOf(gate: XmlElement, name: string): string {
  const [rate, more] = childrenOf(gate, name);
  if (rate === undefined || more !== undefined || gate.children.filter(isContent).length !== 2) {
    return refuseElement(gate, 'must have a forwardRate and a reverseRate, and nothing else.');
  }
  const per = `${numberOf(rate, 'rate', 'rate')}/ms`;
  const scale = numberOf(rate, 'scale', 'voltage');
  if (scale === 0) refuseElement(rate, 'has scale 0.');
  const x = `(v - (${numberOf(rate, 'midpoint', 'voltage')}*mV))/(${scale}*mV)`;
  switch (rate.attributes.get('type')) {
    case 'HHExpRate':
      return `${per}*exp(${x})`;
    case 'HHSigmoidRate':
      return `${per}/(1 + exp(-${x}))`;
    case 'HHExpLinearRate':
      return `${per}/exprel(-${x})`;
    default:
      return refuseElement(
        rate,
        'is not supported. Types: HHExpRate, HHSigmoidRate, HHExpLinearRate.',
      );
  }
}
