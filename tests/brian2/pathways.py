"""Several named pathways with different delays on one projection, and a postsynaptic pathway with a delay."""
from brian2 import NeuronGroup, Network, SpikeGeneratorGroup, SpikeMonitor, StateMonitor, Synapses, mV, ms

import case

source = SpikeGeneratorGroup(3, [0, 1, 2, 0, 1, 2, 0], [1, 2, 3, 12, 12, 13.5, 30] * ms)
names = dict(tau=8 * ms, tau_c=15 * ms)
group = NeuronGroup(3, """
    dv/dt = -v/tau : volt
    da/dt = -a/tau_c : 1
    """, threshold="v > 9*mV", reset="v = 0*mV", refractory=1 * ms, method="exact", namespace=names)
synapses = Synapses(source, group, """
    w : volt
    dc/dt = -c/tau_c : 1 (event-driven)
    """, on_pre={"fast": "v_post += w", "slow": "v_post += 0.5*w*(1 + c)", "tag": "c += 1"},
    on_post={"learn": "w += c*mV; a_post += c"}, namespace=names)
synapses.connect(i=[0, 0, 1, 1, 2, 2], j=[0, 1, 1, 2, 2, 0])
synapses.w = [10, 4, 8, 6, 9.5, 3] * mV
synapses.fast.delay = 0.2 * ms
synapses.slow.delay = [3, 4, 5, 3, 4, 5] * ms
synapses.tag.delay = 1.5 * ms
synapses.learn.delay = 0.7 * ms
monitor = SpikeMonitor(group)
state = StateMonitor(group, ["v", "a"], record=True, dt=0.5 * ms)
Network(source, group, synapses, monitor, state).run(60 * ms)
case.write(spikes={"group": case.spikes(monitor)},
           traces={"v": case.trace(state, "v", mV, "mV"), "a": case.trace(state, "a")},
           finals={"w": case.values(synapses.w, mV, "mV"), "c": case.values(synapses.c)})
