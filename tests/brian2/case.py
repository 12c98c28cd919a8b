"""What the scripts in this folder share: reproducible settings, and their output as JSON on stdout.

Not a test framework: every script describes one deterministic network in plain Brian 2 and calls `write` once.
Spikes are given as integer steps and sorted by step, then neuron; traces in the unit named beside them.
"""
import json
import sys

import brian2
import numpy
from brian2 import defaultclock, ms, prefs

prefs.codegen.target = "numpy"
defaultclock.dt = 0.1 * ms


def lcg(count, seed):
    """Numbers in [0, 1) from x -> 1664525 x + 1013904223 mod 2^32; the same in any language, so no arrays are stored."""
    state, numbers = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 4294967296
        numbers.append(state / 4294967296)
    return numpy.array(numbers)


def spikes(monitor):
    steps = numpy.rint(numpy.asarray(monitor.t) / float(defaultclock.dt)).astype(int)
    neurons = numpy.asarray(monitor.i)
    order = numpy.lexsort((neurons, steps))
    return {"steps": steps[order].tolist(), "neurons": neurons[order].tolist()}


def trace(monitor, variable, unit=1, unit_name="1"):
    """Samples [neuron][sample] of a state monitor."""
    values = numpy.asarray(getattr(monitor, variable)) / float(unit)
    return {"unit": unit_name, "neurons": numpy.asarray(monitor.record).tolist(), "values": values.tolist()}


def values(array, unit=1, unit_name="1"):
    return {"unit": unit_name, "values": (numpy.asarray(array) / float(unit)).tolist()}


def write(spikes=None, traces=None, finals=None):
    record = {"brian2": brian2.__version__, "dtMs": float(defaultclock.dt / ms), "spikes": spikes or {},
              "traces": traces or {}, "finals": finals or {}}
    json.dump(record, sys.stdout, separators=(",", ":"))
