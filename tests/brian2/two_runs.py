"""A run in two pieces, with delayed spikes in flight across the break and variables changed in between."""
from brian2 import NeuronGroup, Network, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

names = dict(tau=10 * ms)
group = NeuronGroup(6, """
    dv/dt = (drive - v)/tau : volt (unless refractory)
    drive : volt
    """, threshold="v > 10*mV", reset="v = 0*mV", refractory=3 * ms, method="euler", namespace=names)
group.drive = [10.5, 11, 12, 9, 9, 9] * mV
chain = Synapses(group, group, on_pre="v_post += 4*mV", delay=4 * ms)
chain.connect(i=[0, 1, 2, 3, 4], j=[3, 4, 5, 5, 3])
monitor = SpikeMonitor(group)
state = StateMonitor(group, "v", record=[0, 3, 5], dt=0.5 * ms)
network = Network(group, chain, monitor, state)
network.run(31.5 * ms)
group.v[4:] = 9.5 * mV
group.drive[:3] = [16, 8, 14] * mV
network.run(28.5 * ms)
case.write(spikes={"group": case.spikes(monitor)}, traces={"v": case.trace(state, "v", mV, "mV")},
           finals={"v": case.values(group.v, mV, "mV")})
