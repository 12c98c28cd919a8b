"""Pair STDP with event-driven traces, on_pre and on_post, weights clipped; the postsynaptic neurons fire by themselves
and through the synapses, and are also forced by a second generator."""
from brian2 import NeuronGroup, Network, SpikeGeneratorGroup, SpikeMonitor, Synapses, mV, ms

import case

times = case.lcg(60, 7)
source = SpikeGeneratorGroup(6, [k % 6 for k in range(60)], [(20 * (k // 6) + 18 * times[k]) for k in range(60)] * ms)
names = dict(tau=10 * ms, tau_x=20 * ms, tau_y=15 * ms, step_x=0.05, step_y=-0.055, w_max=1.0, jump=4 * mV)
group = NeuronGroup(4, "dv/dt = (11*mV + i*mV - v)/tau : volt", threshold="v > 12*mV", reset="v = 0*mV",
                    refractory=2 * ms, method="exact", namespace=names)
synapses = Synapses(source, group, """
    w : 1
    dx/dt = -x/tau_x : 1 (event-driven)
    dy/dt = -y/tau_y : 1 (event-driven)
    """, on_pre="""
    v_post += w*jump
    x += step_x
    w = clip(w + y, 0, w_max)
    """, on_post="""
    y += step_y
    w = clip(w + x, 0, w_max)
    """, namespace=names)
synapses.connect(i=[k // 4 for k in range(24)], j=[k % 4 for k in range(24)])
synapses.w = case.lcg(24, 3)
monitors = [SpikeMonitor(source), SpikeMonitor(group)]
network = Network(source, group, synapses, monitors)
network.run(200 * ms)
case.write(spikes={"source": case.spikes(monitors[0]), "group": case.spikes(monitors[1])},
           finals={"w": case.values(synapses.w), "x": case.values(synapses.x), "y": case.values(synapses.y),
                   "v": case.values(group.v, mV, "mV")})
