"""Time-dependent arrays I(t) and I(t, i): held values, kept after the end, and read at the half steps of rk4."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, TimedArray, mV, ms

import case

common = TimedArray([0, 12, 30, 5, 25] * mV, dt=7.5 * ms)
each = TimedArray((case.lcg(30, 5) * 40).reshape(10, 3) * mV, dt=5 * ms)
fine = TimedArray((case.lcg(600, 6) * 40) * mV, dt=0.1 * ms)
names = dict(tau=6 * ms, common=common, each=each, fine=fine)
groups = [NeuronGroup(3, equation, threshold="v > 10*mV", reset="v = 0*mV", method=method, namespace=names)
          for equation, method in (("dv/dt = (common(t) - v)/tau : volt", "exact"),
                                   ("dv/dt = (each(t, i) - v)/tau : volt", "exponential_euler"),
                                   ("dv/dt = (fine(t) + each(t, i) - v)/tau : volt", "rk4"),
                                   ("dv/dt = (fine(t) - v)*(1 + 0.02*v/mV)/tau : volt", "rk2"))]
monitors = [SpikeMonitor(group) for group in groups]
states = [StateMonitor(group, "v", record=[0, 2], dt=0.5 * ms) for group in groups]
Network(groups, monitors, states).run(60 * ms)
labels = ("common", "each", "fine", "midpoint")
case.write(spikes=dict(zip(labels, map(case.spikes, monitors))),
           traces={label: case.trace(state, "v", mV, "mV") for label, state in zip(labels, states)})
