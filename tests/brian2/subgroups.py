"""Slices of a population as source, target and recording; indices i and j in synapse code count from the slice's start."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

names = dict(tau=10 * ms, tau_g=4 * ms)
group = NeuronGroup(12, """
    dv/dt = (drive + g - v)/tau : volt
    dg/dt = -g/tau_g : volt
    drive : volt
    """, threshold="v > 10*mV", reset="v = 0*mV", refractory=1 * ms, method="euler", namespace=names)
group.drive = ([14, 15, 16, 17] + [8] * 8) * mV
front, middle, back = group[:4], group[4:8], group[8:]
forward = Synapses(front, middle, on_pre="g_post += (1 + i)*2*mV", delay=1 * ms)
forward.connect()
mixed = Synapses(middle, back, on_pre="g_post += (2 + j)*3*mV")
mixed.connect(i=[0, 1, 2, 3, 3], j=[3, 2, 1, 0, 3])
inhibit = Synapses(back, front, on_pre="g_post -= (1 + i + N_pre)*0.5*mV", delay=2 * ms)
inhibit.connect(j="i")
monitors = [SpikeMonitor(group), SpikeMonitor(middle)]
state = StateMonitor(back, ["v", "g"], record=[0, 3], dt=0.5 * ms)
Network(group, forward, mixed, inhibit, monitors, state).run(80 * ms)
case.write(spikes={"group": case.spikes(monitors[0]), "middle": case.spikes(monitors[1])},
           traces={"v": case.trace(state, "v", mV, "mV"), "g": case.trace(state, "g", mV, "mV")})
