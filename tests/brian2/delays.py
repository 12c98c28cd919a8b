"""Synaptic delays: none, one for all (also not a multiple of dt), and one per synapse, from spiking neurons."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

names = dict(tau=10 * ms, tau_g=3 * ms)
source = NeuronGroup(4, "dv/dt = (15*mV + i*2*mV - v)/tau : volt", threshold="v > 10*mV", reset="v = 0*mV",
                     method="exact", namespace=names)
target = NeuronGroup(4, """
    dv/dt = (g - v)/tau : volt
    dg/dt = -g/tau_g : volt
    """, threshold="v > 6*mV", reset="v = 0*mV", method="exact", namespace=names)
objects = []
for delay in (None, 1.5 * ms, 0.27 * ms):
    synapses = Synapses(source, target, on_pre="g_post += 5*mV", delay=delay)
    synapses.connect(j="i")
    objects.append(synapses)
mixed = Synapses(source, target, on_pre="g_post += 2.5*mV")
mixed.connect(i=[k // 4 for k in range(16)], j=[k % 4 for k in range(16)])
mixed.delay = [0, 0.1, 0.2, 5, 3.14, 3.149, 3.16, 0, 12.5, 1, 1, 1, 0.04, 0.05, 0.06, 20] * ms
monitors = [SpikeMonitor(source), SpikeMonitor(target)]
state = StateMonitor(target, ["v", "g"], record=[0, 3], dt=0.5 * ms)
Network(source, target, objects, mixed, monitors, state).run(80 * ms)
case.write(spikes={"source": case.spikes(monitors[0]), "target": case.spikes(monitors[1])},
           traces={"v": case.trace(state, "v", mV, "mV"), "g": case.trace(state, "g", mV, "mV")})
